package Bench::Seed;

# The database that all variants copy: the schema, a merchant with a contract
# and an endpoint, and subscribers who have consented.

use strict;
use warnings;

use Bench::Database qw(sql);
use Bench::Process qw(command write_file);
use Exporter qw(import);

our @EXPORT_OK = qw(seed admin);

my $FIRST_NUMBER = 33600001000;     # no number that the sandbox treats apart

# Returns what the variants must know.

sub seed {
    my ($services, $subscribers) = @_;
    my $admin = admin($services, 'carrierpay');
    my $secrets = $services->dir('secrets');
    my $key = $services->dir('bench.key');

    $services->service('deploy', $services->dir('postgres'));
    unlink($secrets);
    $admin->('keyring-new', $secrets);
    command('openssl', 'genpkey', '-algorithm', 'EC',
            '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', $key);
    command('openssl', 'req', '-x509', '-key', $key, '-days', '30',
            '-subj', '/CN=carrierpay bench',
            '-out', $services->dir('bench.crt'));
    $services->service('own', $secrets, $key);

    $admin->('operator', 'add', 'demo_fr', 'Demo', 'FR', 'EUR', '--sandbox');

    my $merchant = $admin->('merchant', 'add', 'Bench');

    $admin->('vat', 'add', 'FR', 'digital_content', '--rate=2000',
             '--from=2025-01-01');
    $admin->('contract', 'add', $merchant, 'demo_fr', '--share=3000',
             '--fee=500', '--fee-fixed=5');
    $admin->('endpoint', 'add', $merchant, 'http://127.0.0.1:9/');
    add_rival($services);

    return (
        secrets => $secrets, merchant => $merchant,
        key => $admin->('key', 'add', $merchant),
        body => body(),
        add_subscribers($services, $admin, $merchant, $subscribers),
    );
}

sub admin {
    my ($services, $database) = @_;
    my $host = $services->dir('postgres');
    my @admin = ("$services->{root}/conf/carrierpay-admin",
                 '--secrets=' . $services->dir('secrets'),
                 "--dsn=user=postgres dbname=$database host=$host");

    return sub {
        my $said = command(@admin, @_);

        chomp($said);
        return $said;
    };
}

# The role of the rivals, which write the tables themselves, with the same
# settings as the service's.

sub add_rival {
    my ($services) = @_;

    sql($services, 'carrierpay',
        'do $$ begin if to_regrole(\'rival\') is null then'
            . ' create role rival login; end if; end $$',
        'grant usage on schema carrierpay to rival',
        'grant select, insert, update, delete'
            . ' on all tables in schema carrierpay to rival',
        'grant execute on all functions in schema carrierpay to rival',
        'alter role rival set search_path = carrierpay',
        'alter role rival set plan_cache_mode = force_generic_plan',
        'alter role rival set jit = off');
}

# pgbench takes a subscriber by arithmetic: a millisecond has 128 identifiers,
# and every other one is that of a pseudonym.

sub add_subscribers {
    my ($services, $admin, $merchant, $count) = @_;
    my $file = $services->dir('subscribers');

    write_file("$file.numbers",
               join('', map { $FIRST_NUMBER + $_ . ",999999999999\n" }
                            0 .. $count - 1));
    write_file($file, add_from("$file.numbers", sub {
        $admin->('subscriber', 'add', 'demo_fr', '-', $merchant)
    }));
    sql($services, 'carrierpay', 'vacuum analyze');

    my ($first, $known) = split(/\|/, sql($services, 'carrierpay',
        'select first, (select count(*) from carrierpay.pseudonym n'
            . ' where n.id = any (array(select first + k / 64 * 4194304'
            . " + k % 64 * 64 from generate_series(0, $count - 1) as k)))"
            . ' from (select min(id) as first from carrierpay.pseudonym) n'));

    $known == $count
        or die "bench: the subscribers' ids are not as pgbench makes them\n";

    return (subscribers => $file, first_pseudonym => $first,
            pseudonyms => $count);
}

sub add_from {
    my ($file, $add) = @_;

    open(my $stdin, '<&', \*STDIN) or die "stdin: $!\n";
    open(STDIN, '<', $file) or die "$file: $!\n";
    my $said = $add->();
    open(STDIN, '<&', $stdin) or die "stdin: $!\n";

    return "$said\n";
}

# A payment as an event tells it: for those who do not render one themselves.

sub body {
    return '{"id":"pay_0000000000000","object":"payment","livemode":false,'
        . '"status":"succeeded","outcome":null,"amount":499,'
        . '"currency":"EUR","description":"100 coins",'
        . '"reference":"order-00000000","return_url":null,"metadata":{},'
        . '"subscriber":"sub_0000000000000","operator":"demo_fr",'
        . '"failure":null,"next_action":null,'
        . '"created":"2026-11-21T12:00:00.000Z",'
        . '"expires":"2026-11-21T12:15:00.000Z"}';
}

1;
