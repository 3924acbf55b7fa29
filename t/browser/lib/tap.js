// Claims, as the Test Anything Protocol: a scenario is a subtest.
//
//     await scenario('one tap', async () => {
//         is(await status(payment), 'succeeded', 'paid');
//     });
//     done();

const LIMIT = 5 * 60 * 1000;    // ms, of a scenario

let scenarios = 0;
let broken = 0;
let claims = 0;
let failures = 0;

function say(indent, text) {
    process.stdout.write(`${indent}${text}\n`);
}

function explain(text) {
    for (const line of String(text).split('\n')) {
        say('    ', `# ${line}`);
    }
}

// What is true; a falsehood is explained by detail. Returns the condition.

export function ok(condition, name, detail) {
    claims++;
    say('    ', `${condition ? 'ok' : 'not ok'} ${claims} - ${name}`);

    if (!condition) {
        failures++;
        explain(detail ?? 'false');
    }

    return Boolean(condition);
}

export function is(got, expected, name) {
    return ok(got === expected, name,
              `got:      ${got}\nexpected: ${expected}`);
}

export function like(text, pattern, name) {
    return ok(pattern.test(text), name, `${text}\nis not like ${pattern}`);
}

// An error ends its scenario, not the file; one that hangs ends the file.

export async function scenario(name, body) {
    claims = 0;
    failures = 0;
    say('', `# Subtest: ${name}`);

    const watch = setTimeout(() => {
        explain('it hangs');
        process.exit(1);
    }, LIMIT);

    try {
        await body();
    } catch (error) {
        ok(false, 'it goes to its end', error.stack);
    }

    clearTimeout(watch);

    ok(claims > 0, 'something was claimed');
    say('    ', `1..${claims}`);

    scenarios++;
    broken += failures ? 1 : 0;
    say('', `${failures ? 'not ok' : 'ok'} ${scenarios} - ${name}`);
}

export function done() {
    say('', `1..${scenarios}`);
    process.exitCode = broken ? 1 : 0;
}
