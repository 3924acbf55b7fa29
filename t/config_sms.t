#!/usr/bin/perl

# SMS gateways, their callbacks, and the keywords of phones: nginx -t finds
# what is wrong and names the line.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use Test::More;

my $t = Carrierpay::Test->start();
my $right = configuration();

write_file("$t->{root}/gateway.password", "a secret\nanother line\n", 0600);
write_file("$t->{root}/gateway.empty", "\nsecret\n", 0600);
write_file("$t->{root}/gateway.binary", "a\tsecret\n", 0600);

like($t->check_configuration($right), qr/test is successful/,
     'a right configuration is taken');

for my $case (
    ['providers before operators',
     qr/(carrierpay_operator.*?\n    \}\n)(.*?)(?=\n    server)/s,
     sub { "$2$1" }],
    ['all with defaults', qr/(?:timeout|parts|price|mo) [^_{;]+;/, sub { '' }],
    ['other words', 'carrierpay_keyword stop HALTE',
     sub { "carrierpay_keyword stop HALTE \xc3\x89T\xc3\x89" }],
    ['a word with its own action', 'HALTE', sub { 'HALTE Stop' }],
    ['a form', q(json '{"to":"+{{to}}","text":"{{text}}"}'),
     sub { q(form 'to={{to}}&text={{text}}{{#report}}&r={{report}}') }],
    ['an XML', q(json '{"to":"+{{to}}","text":"{{text}}"}'),
     sub { q(xml '<m to="{{to}}">{{text}}</m>') }],
    ['a sender of digits', 'sms_from Carrier-Pay', sub { 'sms_from 38888' }],
    ['a sender with a blank', 'sms_from Carrier-Pay',
     sub { 'sms_from "Pay by us"' }],
) {
    my ($name, $from, $to) = @$case;
    my $other = $right;

    $from = qr/\Q$from\E/ if !ref($from);
    $other =~ s/$from/$to->()/ge or fail("$name: the test replaces nothing");
    $other =~ s/\{\{#report\}\}.*?(?=')/$&\{\{\/report\}\}/g;

    like($t->check_configuration($other), qr/test is successful/, $name);
}

# Name, what is replaced, by what, the message, and words whose line it must
# name; without them it is the line of what was put in.

for my $case (
    # The gateway as a whole.
    ['no dialect', 'dialect sms_kannel;', '', qr/"kannel": no "dialect"/,
     'carrierpay_sms kannel'],
    ['an unknown dialect', 'dialect sms_kannel', 'dialect sms_pigeon',
     qr/unknown SMS dialect "sms_pigeon"/],
    ['an operator\'s dialect', 'dialect sms_kannel', 'dialect sandbox',
     qr/unknown SMS dialect "sandbox"/],
    ['no pass', 'pass /egress/kannel;', '', qr/"kannel": no "pass"/,
     'carrierpay_sms kannel'],
    ['no such location', 'pass /egress/kannel', 'pass /egress/none',
     qr{no "proxy_pass" in .* location "/egress/none"},
     'carrierpay_sms kannel'],
    ['a location that is not internal', 'kannel { internal;', 'kannel {',
     qr{no "internal" in location "/egress/kannel"}, 'carrierpay_sms kannel'],
    ['a gateway twice', 'carrierpay_sms other', 'carrierpay_sms kannel',
     qr/duplicate SMS provider "kannel"/],
    ['a capital in a name', 'carrierpay_sms other', 'carrierpay_sms Other',
     qr/letters a-z.*"Other"/],
    ['no time', 'timeout 5s', 'timeout 0s', qr/"timeout" is 0/,
     'carrierpay_sms kannel'],
    ['not a time', 'timeout 5s', 'timeout soon', qr/"timeout" directive/],
    ['an operator\'s directive', 'parts 4;', 'settle 4m;',
     qr/"settle" directive is not allowed here/],
    ['a directive twice', 'timeout 5s;', 'timeout 5s; timeout 6s;',
     qr/"timeout" directive is duplicate/],

    # User and password.
    ['no username', 'username carrierpay;', '', qr/no "username"/,
     'carrierpay_sms kannel'],
    ['a username with a blank', 'username carrierpay', 'username "a b"',
     qr/"username" directive has a character/],
    ['no password', qr/password_file (?=.*# kannel)[^;]+;/, '',
     qr/no "password_file"/, 'carrierpay_sms kannel'],
    ['a password file that is not there', 'gateway.password; # kannel',
     'gateway.none; # kannel', qr{gateway\.none" cannot be opened}],
    ['a password file without a line', 'gateway.password; # kannel',
     'gateway.empty; # kannel', qr{gateway\.empty" has no first line}],
    ['a password with a tab', 'gateway.password; # kannel',
     'gateway.binary; # kannel', qr{gateway\.binary" holds what cannot}],
    ['a username without password', qr/password_file (?=.*# other)[^;]+;/,
     'username x;', qr/a "username" but no "password_file"/,
     'carrierpay_sms other'],

    # Limits and prices of a message.
    ['no parts', 'parts 4', 'parts 0', qr/"parts" directive is not a number/],
    ['too many parts', 'parts 4', 'parts 256', qr/"parts" directive is not/],
    ['not a price', '0.045 EUR', 'free EUR', qr/"price" directive is not/],
    ['seven decimals', '0.045 EUR', '0.0000001 EUR', qr/"price" directive/],
    ['an unknown currency', '0.045 EUR', '0.045 EU', qr/"price" directive/],
    ['neither trusted nor not', 'mo trusted', 'mo perhaps',
     qr/"mo" directive is not "trusted" or "untrusted"/],

    # Directives of the other dialect.
    ['Kannel with a request', 'parts 4;', 'request form "a";',
     qr/dialect "sms_http" alone/, 'carrierpay_sms kannel'],
    ['HTTP with a smsc', 'reference messages.0.id;', 'smsc x;',
     qr/which are Kannel's/, 'carrierpay_sms other'],

    # The dialect sms_http.
    ['no request', qr/request .*?\}';/, '', qr/no "request"/,
     'carrierpay_sms other'],
    ['a request of no form', 'request json', 'request yaml',
     qr/"request" directive is not of "json"/],
    ['an unknown name', '{{text}}', '{{body}}',
     qr/line 1 of the request: name is unknown/],
    ['a tag that is not closed', '{{text}}', '{{text}',
     qr/line 1 of the request: /],
    ['a raw value', '{{text}}', '{{&text}}', qr/must not be written raw/],
    ['a request that is not JSON', '"{{text}}"', '{{text}} "',
     qr/"request" directive is not JSON/],
    ['a request without the number', '"+{{to}}"', '"+33600000001"',
     qr/without \{\{to\}\} or without \{\{text\}\}/,
     'carrierpay_sms other'],
    ['a request without the text', '"{{text}}"', '"hello"',
     qr/without \{\{to\}\} or without \{\{text\}\}/,
     'carrierpay_sms other'],
    ['a status out of range', 'success 200', 'success 100',
     qr/"success" directive has a status that is not/],
    ['a status as both', 'refused 400', 'refused 202',
     qr/"refused" directive has a status that is given already/],
    ['a status twice', 'refused 400', 'refused 400 400',
     qr/"refused" directive has a status that is given already/],
    ['a report without id', 'report id=ref', 'report',
     qr/"report" directive needs "id"/, 'expired='],
    ['a report without words', qr/ delivered=.*?ROUTE/s, '',
     qr/"report" directive needs "id"/, 'code='],
    ['an unknown parameter', 'status=state', 'state=state',
     qr/invalid parameter "state=state"/, 'expired='],
    ['a word twice', 'expired=EXPIRED', 'expired=EXPIRED,delivrd',
     qr/the word "delivrd" of a state/],
    ['an empty word', 'expired=EXPIRED', 'expired=EXPIRED,',
     qr/the word "" of a state/],
    ['a field twice', 'id=mid', 'from=mid', qr/invalid parameter "from=/],
    ['an MO without text', 'text=body', 'to=x',
     qr/invalid parameter "to=x"|needs "from" and "text"/],
    ['an unknown field of an MO', 'text=body', 'body=body',
     qr/invalid parameter "body=body"/],

    # Operators.
    ['an unknown gateway', 'sms kannel other', 'sms kannel nobody',
     qr/operator "one": unknown SMS provider "nobody"/],
    ['a minute and more', 'timeout 5s', 'timeout 56s',
     qr/operator "one": the timeouts .* more than a minute/,
     'sms kannel other'],
    ['a gateway named twice', 'sms kannel other', 'sms kannel kannel',
     qr/"sms" directive names a provider twice/],
    ['sms twice', 'sms kannel other;', 'sms kannel; sms other;',
     qr/"sms" directive is duplicate/],
    ['a sender that is too long', 'Carrier-Pay', 'Carrier-Pays',
     qr/"sms_from" directive is not 1 to 15 digits/],
    ['16 digits', 'Carrier-Pay', '1' x 16,
     qr/"sms_from" directive is not 1 to 15 digits/],
    ['a sender of other letters', 'Carrier-Pay', "Caf\xc3\xa9",
     qr/"sms_from" directive is neither digits nor/],
    ['a sender with a plus', 'Carrier-Pay', '+38888',
     qr/"sms_from" directive is neither digits nor/],
    ['no language', 'language fr', 'language fra',
     qr/"language" directive is not a language/],
    ['a language in capitals', 'language fr', 'language FR',
     qr/"language" directive is not a language/],

    # Callbacks.
    ['not a URL', 'http://127.0.0.1:8080/callback/', 'callback',
     qr/"callback": must/],
    ['no slash at the end', '/callback/;', '/callback;',
     qr/"carrierpay_callback_url" directive does not end with a slash/],
    ['a query', '/callback/;', '/callback/?a=/;', qr/neither a query nor/],
    ['a percent sign', '/callback/;', '/call%20back/;',
     qr/neither a query nor/],
    ['two of them', '/callback/;',
     "/callback/;\n carrierpay_callback_url http://a.example/;",
     qr/"carrierpay_callback_url" directive is duplicate/,
     'carrierpay_callback_url http://a'],
    ['a location without slash', 'location /callback/', 'location /callback',
     qr/"carrierpay_callback" directive needs a location/],
    ['a location with a handler', 'carrierpay_callback;',
     'carrierpay_api; carrierpay_callback;',
     qr/"carrierpay_callback" directive stands in a location that has/],
    ['no file', 'file=inbox', 'log=inbox', qr/invalid parameter "log=inbox"/],
    ['a file in no folder', 'file=inbox', 'file=none/inbox',
     qr{cannot make the file "\S+none/inbox"}],

    # Keywords.
    ['an unknown action', 'keyword stop HALTE', 'keyword halt HALTE',
     qr/"carrierpay_keyword" directive is not of "stop"/],
    ['a keyword of two words', 'HALTE', '"HALTE LA"', qr/not one word/],
    ['a keyword with punctuation', 'HALTE', 'HALTE!', qr/not one word/],
    ['a keyword that is known', 'HALTE', 'help', qr/"help" has another/],
    ['a keyword twice', 'keyword info PRIX', 'keyword info halte',
     qr/"halte" has another action already/],
) {
    my ($name, $from, $to, $message, @at) = @$case;
    my $wrong = $right;

    $from = qr/\Q$from\E/ if !ref($from);
    $wrong =~ s/$from/$to/ or fail("$name: the test replaces nothing");

    my $line = $t->line_of($wrong, @at ? $at[0] : $-[0]);
    my $output = $t->check_configuration($wrong);

    like($output, qr/\[emerg\] .*$message/, "$name: $message");
    unlike($output, qr/successful/, "$name: nginx -t fails");
    unlike($output, qr/a secret/, "$name: no password is shown");
    like($output, qr/\[emerg\].* in \S+:$line\b/,
         "$name: nginx -t names the line $line");
}


###############################################################################


sub configuration {
    return <<"END";
load_module $t->{dir}/module.so;
events {}
http {
    access_log off;
    carrierpay_secrets $t->{root}/secrets;
    carrierpay_callback_url http://127.0.0.1:8080/callback/;
    carrierpay_keyword stop HALTE;
    carrierpay_keyword info PRIX;

    carrierpay_operator one {
        country FR;
        currency EUR;
        numbering 33 len=9 prefix=6;
        dialect sandbox;
        pass /egress/one;
        sms kannel other;
        sms_from Carrier-Pay;
        language fr;
    }

    carrierpay_sms kannel {
        dialect sms_kannel;
        pass /egress/kannel;
        timeout 5s;
        username carrierpay;
        password_file $t->{root}/gateway.password; # kannel
        smsc demo; account x;
        parts 4;
        price 0.045 EUR;
        mo trusted;
    }

    carrierpay_sms other {
        dialect sms_http;
        pass /egress/other;
        password_file $t->{root}/gateway.password; # other
        request json '{"to":"+{{to}}","text":"{{text}}"}';
        success 200 202;
        refused 400 404;
        reference messages.0.id;
        report id=ref status=state delivered=DELIVRD,ok undelivered=UNDELIV
               expired=EXPIRED buffered=ENROUTE code=err.code;
        mo_fields id=mid from=msisdn text=body;
        mo untrusted;
    }

    server {
        listen unix:$t->{dir}/check.sock;
        location /callback/ { carrierpay_callback; }
        location = /sms { carrierpay_sandbox_sms file=inbox; }
    }

    server {
        listen unix:$t->{dir}/egress.check.sock;
        carrierpay_egress;
        location /egress/one { internal; proxy_pass http://127.0.0.1:9; }
        location /egress/kannel { internal; proxy_pass http://127.0.0.1:9; }
        location /egress/other { internal; proxy_pass http://127.0.0.1:9; }
    }
}
END
}
