
/*
 * The pages' one script: it helps, and nothing needs it.  For browsers as old
 * as ES5; below 4 kB.
 *
 *   a form that is on its way is not sent twice
 *   the code of an SMS is filled in and sent (WebOTP)
 *   the wait before a further code is counted
 *   a tap waits until the page has been in view for as long as the service
 *       asks for: it may have been opened behind others
 *   a page that waits polls for the next page, and becomes it: a form or a
 *       token is good for one request; data-live is the URL, data-state is
 *       what the page shows now
 *   a receipt goes back to the shop, unless the shopper touches it
 *
 * What is no longer true is hidden in its place: nothing may move under a
 * finger that comes down on it.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_http_carrierpay_script.h"


const ngx_str_t  ngx_http_carrierpay_script = ngx_string(
    "(function(){\n"
    "\"use strict\";\n"
    "var d=document,w=window,f=d.forms,i;\n"
    "function busy(e){\n"
    "var b=this.querySelector(\"button\");\n"
    "if(e.defaultPrevented||!b){return}\n"
    "setTimeout(function(){b.disabled=true;b.setAttribute("
    "\"aria-busy\",\"true\")},0)\n"
    "}\n"
    "for(i=0;i<f.length;i++){f[i].addEventListener(\"submit\",busy)}\n"
    "w.addEventListener(\"pageshow\",function(e){\n"
    "var b=d.querySelectorAll(\"button[aria-busy]\"),i;\n"
    "if(e.persisted){for(i=0;i<b.length;i++){b[i].disabled=false;"
    "b[i].removeAttribute(\"aria-busy\")}}\n"
    "});\n"
    "var pin=d.getElementById(\"pin\"),c=navigator.credentials,a;\n"
    "if(pin&&w.OTPCredential&&c){\n"
    "a=w.AbortController?new AbortController():null;\n"
    "pin.form.addEventListener(\"submit\",function(){if(a){a.abort()}});\n"
    "c.get({otp:{transport:[\"sms\"]},"
    "signal:a?a.signal:undefined}).then(function(o){\n"
    "if(o&&!pin.value){\n"
    "pin.value=o.code;\n"
    "pin.form.querySelector(\"button\").click()\n"
    "}\n"
    "},function(){})\n"
    "}\n"
    "var wait=d.querySelector(\"[data-wait]\"),s;\n"
    "if(wait){\n"
    "s=+wait.getAttribute(\"data-wait\");\n"
    "if(s>0&&s<3600){\n"
    "wait.disabled=true;\n"
    "setTimeout(function(){\n"
    "var h=d.getElementById(\"wait\");\n"
    "if(!wait.getAttribute(\"aria-busy\")){wait.disabled=false}\n"
    "if(h){h.style.visibility=\"hidden\"}\n"
    "},s*1000)\n"
    "}\n"
    "}\n"
    "var tap=d.querySelector(\"[data-after]\"),k;\n"
    "function early(e){e.preventDefault()}\n"
    "function seen(){\n"
    "clearTimeout(k);\n"
    "if(!d.hidden){k=setTimeout(function(){\n"
    "d.removeEventListener(\"visibilitychange\",seen);\n"
    "tap.removeEventListener(\"click\",early);\n"
    "tap.removeAttribute(\"aria-disabled\")\n"
    "},+tap.getAttribute(\"data-after\"))}\n"
    "}\n"
    "if(tap){\n"
    "tap.setAttribute(\"aria-disabled\",\"true\");\n"
    "tap.addEventListener(\"click\",early);\n"
    "d.addEventListener(\"visibilitychange\",seen);\n"
    "seen()\n"
    "}\n"
    "var m=d.querySelector(\"[data-live]\"),t=3000;\n"
    "function again(){setTimeout(look,t);t=Math.min(t*1.1,10000)}\n"
    "function look(){\n"
    "if(d.hidden){again();return}\n"
    "var x=new XMLHttpRequest(),u=m.getAttribute(\"data-live\");\n"
    "x.open(\"GET\",u);\n"
    "x.setRequestHeader(\"X-Requested-With\",\"carrierpay\");\n"
    "x.timeout=8000;\n"
    "x.onload=function(){\n"
    "var s=/ data-state=\"([^\"]*)\"/.exec(x.responseText);\n"
    "if(x.status>499||x.status===429||(s&&s[1]===m.getAttribute("
    "\"data-state\"))){again();return}\n"
    "d.open();\n"
    "d.write(x.responseText);\n"
    "d.close();\n"
    "s=d.querySelector(\"h1\");\n"
    "if(s){s.tabIndex=-1;s.focus()}\n"
    "};\n"
    "x.onerror=x.ontimeout=again;\n"
    "x.send()\n"
    "}\n"
    "if(m&&m.getAttribute(\"data-live\")){again()}\n"
    "var r=d.querySelector(\"[data-return]\"),n,stay=0;\n"
    "function back(){\n"
    "if(stay){return}\n"
    "if(!n--){w.location.replace(r.getAttribute(\"data-return\"));return}\n"
    "setTimeout(back,1000)\n"
    "}\n"
    "if(r){\n"
    "n=10;\n"
    "r.hidden=false;\n"
    "[\"keydown\",\"pointerdown\",\"touchstart\"].forEach(function(e){\n"
    "d.addEventListener(e,function(){stay=1;"
    "r.style.visibility=\"hidden\"})\n"
    "});\n"
    "back()\n"
    "}\n"
    "})();\n"
);
