// Puts new messages on the page as they come. Without it, the page is loaded
// again by hand.

"use strict";

const thread = document.getElementById("thread");

function end() {
    thread.scrollTop = thread.scrollHeight;
}

async function look() {
    const url = new URL("/phone/thread", location.href);

    url.searchParams.set("phone", thread.dataset.phone);
    url.searchParams.set("version", thread.firstElementChild.dataset.version);

    const answer = await fetch(url);

    // the server has escaped every text in it

    if (answer.status === 200) {
        thread.innerHTML = await answer.text();
        end();
    }
}

async function watch() {
    if (!document.hidden) {
        try {
            await look();
        } catch (error) {
            // the demo is being restarted
        }
    }

    setTimeout(watch, 1500);
}

document.querySelector("#phones [aria-current]")
    .scrollIntoView({ block: "nearest" });
end();
watch();
