#!/usr/bin/perl

# What gateways may call with, and what they are answered, before it is known
# what the call means: forms, charsets, gateways. And that no log has the
# query. The sandbox SMS gateway, as a gateway is spoken to.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http);
use Carrierpay::Test::Services qw(read_file service write_file);
use JSON::PP ();
use Test::More;

my $kannel = '/callback/kannel';
my $t = Carrierpay::Test->start(keys => sub {
    my $file = $_[0] =~ s/secrets$/gateway.password/r;

    write_file($file, "a secret\n", 0600);
    service('own', $file);
}, http => <<'END', plain => <<'END', egress => <<'END');
carrierpay_callback_url http://127.0.0.1:@plain_port@/callback/;

carrierpay_sms kannel {
    dialect sms_kannel;
    pass /egress/nowhere;
    username carrierpay;
    password_file @root@/gateway.password;
}

carrierpay_sms other {
    dialect sms_http;
    pass /egress/nowhere;
    request form 'to={{to}}&text={{text}}';
    report id=list.0.ref status=list.0.state delivered=DELIVRD code=err;
    mo_fields from=msisdn text=body charset=charset coding=coding;
    answer ACK/Jasmin;
}

carrierpay_sms lists {
    dialect sms_http;
    pass /egress/nowhere;
    request form 'to={{to}}&text={{text}}';
    report each=results id=ref status=status.name delivered=DELIVRD;
    mo_fields each=. id=id from=from text=text;
    answer '{"ok":true}' application/json;
}

carrierpay_sms mute {
    dialect sms_http;
    pass /egress/nowhere;
    request form 'to={{to}}&text={{text}}';
}
END
location /callback/ { carrierpay_callback; }
location = /inbox { carrierpay_sandbox_sms file=@dir@/inbox; }
END
location /egress/nowhere { internal; proxy_pass http://127.0.0.1:9; }
END

my @from = ('X-Kannel-From: 33600000007', 'X-Kannel-To: 38888');
my @plain = ('Content-Type: text/plain; charset="UTF-8"', @from);
my @json = 'Content-Type: application/json';
my @form = 'Content-Type: application/x-www-form-urlencoded';


# Reports of Kannel. No message has this id, so there is nothing to do.

my $report = call(GET => "$kannel/dlr?m=msg_nobody.x&d=1&a=");

is($report->{status}, 200,
   'a report is answered with 200, so that it is not repeated');
is($report->{body}, '',
   'the answer to a report has no body that could be sent as an SMS');
like($report->{header}{'content-type'}, qr{^text/plain},
     'the answer to a report is plain text');

for my $case (
    ['m=x&d=8', 200, 'taken by the SMSC'],
    ['m=x&d=34&a=+stat:EXPIRED+', 200, 'expired'],
    ['m=x&d=66', 200, 'lost sight of'],
    ['m=x&d=1&a=%ff%00%7f', 200, 'words that are no text'],
    ['m=x&d=0', 400, 'no bit'],
    ['m=x&d=one', 400, 'no number'],
    ['m=x', 400, 'no type'],
    ['m=&d=1', 400, 'an empty id'],
    ['d=1', 400, 'no id'],
    ['m=x&m=y&d=1', 400, 'two ids'],
    ['m=%f&d=1', 400, 'a broken escape'],
    ['m=%ff&d=1', 400, 'an id that is no text'],
    ['m=' . 'x' x 256 . '&d=1', 400, 'an id that is too long'],
    ['', 400, 'nothing'],
) {
    my ($args, $status, $name) = @$case;

    is(call(GET => "$kannel/dlr?$args")->{status}, $status,
       "Kannel's report: $name");
}


# Messages that Kannel brings, and that cannot be read.

for my $case (
    ['no sender', 'x', @plain[0, 2]],
    ['no receiver', 'x', @plain[0, 1]],
    ['two senders', 'x', @plain, 'X-Kannel-From: 33600000008'],
    ['no type', 'x', @from],
    ['another type', 'x', 'Content-Type: text/html', @from],
) {
    my ($name, $body, @headers) = @$case;
    my $answer = call(POST => "$kannel/mo?id=1", $body, @headers);

    is($answer->{status}, 400, "Kannel's MO: $name");
    is($answer->{json}{code}, 'invalid_callback',
       "$name: the code is invalid_callback");
}

for my $case (
    ['no UTF-8', "\xe9", 'UTF-8'],
    ['no US-ASCII', "\xe9", 'us-ascii'],
    ['half a character of UTF-16', "\0a\0", 'UTF-16BE'],
    ['half a surrogate pair', "\xd8\x3d\0a", 'UTF-16BE'],
    ['another charset', 'x', 'koi8-r'],
) {
    my ($name, $body, $charset) = @$case;
    my $answer = call(POST => "$kannel/mo", $body,
                      "Content-Type: text/plain; charset=$charset", @from);

    is($answer->{status}, 422, "Kannel's MO: $name");
    is($answer->{json}{code}, 'unreadable_message',
       "$name: the code is unreadable_message");
}


# The charsets of Kannel.

for my $case (
    ['UTF-8', "ARR\xc3\x8aT"],
    ['utf8', "\xef\xbb\xbfstop"],
    ['us-ascii', 'stop'],
    ['ISO-8859-1', "ARR\xcaT"],
    ['iso-8859-15', "ARR\xcaT"],
    ['windows-1252', "\x93ARR\xcaT\x94"],
    ['UTF-16BE', "\0A\0R\0R\0\xca\0T"],
    ['ucs-2', "\0S\0T\0O\0P"],
    ['UTF-16', "\xff\xfeS\0T\0O\0P\0"],
    ['UTF-16', "\xfe\xff\0S\0T\0O\0P"],
) {
    my ($charset, $body) = @$case;

    is(call(POST => "$kannel/mo", $body,
            "Content-Type: text/plain; charset=$charset", @from)->{status},
       200, "Kannel's MO in $charset is taken");
    is(last_action(), 'stop', "Kannel's MO in $charset is read");
}

is(call(POST => "$kannel/mo", "\0S\0T\0O\0P", 'Content-Type: text/plain',
        'X-Kannel-Coding: 2', @from)->{status}, 200,
   "Kannel's MO with coding 2 and no charset is taken");
is(last_action(), 'stop', "Kannel's MO with coding 2 and no charset is read");


is(call(GET => "$kannel/mo?from=33600000007&text=secretword")->{status}, 400,
   "Kannel's MO: GET is refused");

my $binary = call(POST => "$kannel/mo?id=1", "\1\2",
                  'Content-Type: application/octet-stream', @from);

is_deeply([@$binary{qw(status body)}], [200, ''],
          "Kannel's MO: binary ones are passed over");


# Callbacks of another gateway.

for my $case (
    ['JSON', 200, '{"list":[{"ref":"x","state":"DELIVRD"}]}', @json],
    ['a word between', 200, '{"list":[{"ref":"x","state":"SENT"}]}', @json],
    ['a list twice', 200, '{"list":[],"list":[{"ref":"x","state":"SENT"}]}',
     @json],
    ['half an emoji', 200, '{"list":[{"ref":"\ud83d","state":"SENT"}]}',
     @json],
    ['no such position', 400, '{"list":[]}', @json],
    ['no such member', 400, '{"list":[{"ref":"x"}]}', @json],
    ['an object for a text', 400, '{"list":[{"ref":{},"state":"a"}]}', @json],
    ['half a JSON', 400, '{"list":[', @json],
    ['bytes that are no JSON', 400, "\xff", @json],
    ['a form', 200, 'list.0.ref=x&list.0.state=delivrd', @form],
    ['an unknown type', 400, '<x/>', 'Content-Type: text/xml'],
) {
    my ($name, $status, $body, @headers) = @$case;

    is(call(POST => '/callback/other/dlr', $body, @headers)->{status},
       $status, "another gateway's report: $name");
}

is(call(GET => '/callback/other/dlr?list.0.ref=x&list.0.state=DELIVRD')
   ->{status}, 200, "another gateway's report: taken from the query");
is(call(GET => '/callback/other/mo?msisdn=1&body=%ff')->{status}, 422,
   "another gateway's MO: bytes that are no UTF-8 cannot be read");

for my $case (
    ['coding 8', '%00S%00T%00O%00P&coding=8'],
    ['coding 2', '%00S%00T%00O%00P&coding=2'],
    ['coding 0', 'STOP&coding=0'],
    ['ISO-8859-1', 'ARR%CAT&charset=ISO-8859-1'],
    ['a charset and a coding', 'ARR%C3%8AT&charset=UTF-8&coding=8'],
    ['neither', 'ARR%C3%8AT'],
) {
    my ($name, $text) = @$case;
    my $answer = call(GET => '/callback/other/mo?msisdn=33600000009'
                             . "&body=$text");

    is($answer->{status}, 200, "another gateway's MO: $name is taken");
    is(last_action(), 'stop', "another gateway's MO: $name is read");
}

is(call(GET => '/callback/other/mo?msisdn=33600000009&body=x&charset=koi8-r')
   ->{status}, 422,
   "another gateway's MO: an unknown charset cannot be read");


# The answer that a gateway wants.

my $acked = call(GET => '/callback/other/mo?msisdn=33600000009&body=INFO');

is($acked->{body}, 'ACK/Jasmin', 'a gateway gets the answer that it wants');
like($acked->{header}{'content-type'}, qr{^text/plain},
     'the answer is plain text');
isnt(call(GET => '/callback/other/mo?body=a')->{body}, 'ACK/Jasmin',
     'what is not accepted is answered otherwise');


# Several events in one call.

my $lists = '/callback/lists';
my $several = call(POST => "$lists/mo", '[{"id":"l1","from":"33600000011",'
    . '"text":"hello"},{"id":"l2","from":"33600000012","text":"STOP"}]',
    @json);

is($several->{status}, 200, 'two messages in one call are taken');
is_deeply($several->{json}, { ok => JSON::PP::true() },
          'two messages in one call have one answer');
like($several->{header}{'content-type'}, qr{^application/json},
     'the answer has its type');
is(actions('l1', 'l2'), 'none stop', 'two messages in one call are read');
is(call(POST => "$lists/mo", '[{"id":"l2","from":"33600000012",'
        . '"text":"STOP"},{"id":"l3","from":"Orange","text":"x"},'
        . '{"id":"l4"},{"id":"l5","from":"33600000013","text":"STOP"}]',
        @json)->{status}, 422,
   'a list with a message that cannot be read: 422');
is(actions('l2', 'l3', 'l5'), 'stop unreadable stop',
   'the others in the list are kept');
is(call(POST => "$lists/mo", '[{"id":"l6","from":"33600000013",'
        . '"text":"INFO"},7,{"id":"l7"}]', @json)->{status}, 400,
   'a list with what is no message: 400');
is(actions('l6'), 'info', 'the message in it is kept');
is(call(POST => "$lists/mo", '{"id":"l8","from":"33600000013",'
        . '"text":"INFO"}', @json)->{status}, 200,
   'one message where a list is expected is taken');
is(actions('l8'), 'info', 'one message where a list is expected is kept');

# What cannot be read in a JSON harms its own message alone.

my $n = 0;

for my $case (
    ['half an emoji, escaped', '"text":"hi \\ud83d"', 422, 'unreadable'],
    ['half an emoji in bytes', qq("text":"hi \xed\xa0\xbd"), 422,
     'unreadable'],
    ['a byte that is no UTF-8', qq("text":"hi \xff"), 422, 'unreadable'],
    ['a zero', '"text":"hi \\u0000"', 422, 'unreadable'],
    ['STOP in UTF-16', '"text":"\\u0000S\\u0000T\\u0000O\\u0000P"', 422,
     'unreadable'],
    ['STOP and half an emoji', '"text":"STOP\\ud83d"', 200, 'stop'],
    ['STOP and a zero', '"text":"STOP\\u0000"', 200, 'stop'],
    ['a control', qq("text":"STOP\n1"), 200, 'stop'],
    ['a backslash', '"text":"j\\\'arrive"', 200, 'none'],
    ['an integer of more than 64 bits',
     '"text":"INFO","x":99999999999999999999', 200, 'info'],
    ['a real out of range', '"text":"INFO","x":1e999', 200, 'info'],
    ['a number for a text', '"text":12.5', 200, 'none'],
    ['a member twice', '"text":"hi","text":"INFO"', 200, 'info'],
    ['a zero in a name', '"text":"INFO","\\u0000":1', 200, 'info'],
) {
    my ($name, $text, $status, $action) = @$case;

    $n++;
    is(call(POST => "$lists/mo", qq([{"id":"a$n","from":"33600000014",)
            . qq("text":"STOP"},{"id":"b$n","from":"33600000015",$text},)
            . qq({"id":"c$n","from":33600000016,"text":"STOP"}]),
            @json)->{status}, $status, "a list with $name: $status");
    is(actions("a$n", "b$n", "c$n"), "stop $action stop",
       "a list with $name: each message is kept");
}

my $stops = $t->value('select count(*) from carrierpay.mo'
                      . " where action = 'stop'");

is(call(POST => "$lists/mo", '[{"id":"\ud83d","from":"33600000017",'
        . '"text":"STOP"},{"id":"\ud83e","from":"33600000018",'
        . '"text":"STOP"}]', @json)->{status}, 200,
   'a list with ids that cannot be read is taken');
is($t->value('select count(*) from carrierpay.mo'
             . " where action = 'stop'") - $stops, 2,
   'messages whose ids cannot be read are kept as two');

is(call(POST => "$lists/mo", '[]', @json)->{status}, 200,
   'an empty list is taken');
is(call(POST => "$lists/dlr", '{"results":[{"ref":"x","status":{"name":'
        . '"DELIVRD"}},{"ref":"y","status":{"name":"SENT"}}]}', @json)
   ->{status}, 200, 'a list of reports is taken');
is(call(POST => "$lists/dlr", '{"other":[]}', @json)->{status}, 400,
   'a body without the list is refused');

$t->stop_postgres();
is(call(POST => "$lists/mo", '[{"id":"l9","from":"33600000013",'
        . '"text":"INFO"},{"id":"l10","from":"33600000013","text":"INFO"}]',
        @json)->{status}, 503,
   'a list without the database is to come again');
$t->start_postgres();
$t->wait_until_ready();
is(call(GET => '/callback/other/mo?body=a')->{status}, 400,
   "another gateway's MO: one without a sender is refused");
is(call(GET => '/callback/mute/mo?msisdn=1&body=a')->{status}, 400,
   'a gateway without MO fields: an MO is refused');
is(call(GET => '/callback/mute/dlr?m=1')->{status}, 400,
   'a gateway without report fields: a report is refused');


# Paths and methods that do not exist.

is(call(GET => '/callback/nobody/dlr?m=x&d=1')->{status}, 404,
   'a gateway that is not configured: 404');
is(call(GET => "$kannel/other")->{status}, 404,
   'a call that does not exist: 404');
is(call(GET => '/callback/')->{status}, 404, 'a call without a gateway: 404');
is(call(HEAD => "$kannel/dlr?m=x&d=1")->{status}, 405, 'HEAD is refused');
is(call(DELETE => "$kannel/dlr?m=x&d=1")->{status}, 405, 'DELETE is refused');
is(call(POST => "$kannel/mo", 'x' x 16385, @plain)->{status}, 413,
   'a body that is too large is refused');

my $counted = $t->get($t->url('tls', '/metrics'))->{body};

like($counted, qr/callbacks_total\{what="refused"\} [1-9]/,
     'refused callbacks are counted');


# The query of a callback is in no log.

my $logs = read_file("$t->{dir}/access.log")
           . read_file("$t->{dir}/error.log");

like($logs, qr{GET /callback/other/mo" 400}, 'callbacks are logged');
unlike($logs, qr/secretword|msisdn=|[?]m=/,
       'callbacks are logged without their query');


# The sandbox SMS gateway.

my $sent = sms(to => '+33600000001', from => '38888', id => 'msg_1',
               text => "one\n\"two\" \xe9", report => 'http://a.example/?m=1');

is($sent->{status}, 202, 'the sandbox gateway takes an SMS');
like($sent->{json}{id}, qr/^sbx-[0-9a-f]{24}$/,
     'the sandbox gateway gives it an id');

is(sms(to => '33600000021', text => 'x')->{status}, 400,
   '0021: the sandbox gateway refuses');
is(sms(to => '33600000022', text => 'x')->{status}, 503,
   '0022: the sandbox gateway is not available');
is(sms(to => '33600000023', text => 'x')->{status}, 0,
   '0023: the sandbox gateway does not answer');
is(sms(to => '33600000024', text => 'x')->{status}, 202,
   '0024: the sandbox gateway takes the SMS');
is(sms(to => 'abcdefgh', text => 'x')->{status}, 400,
   'an SMS to what is no number is refused');
is(sms(to => '33600000001')->{status}, 400,
   'an SMS without a text is refused');
is($t->get($t->url('plain', '/inbox'))->{status}, 405,
   'the inbox cannot be read over HTTP');

my @inbox = map { JSON::PP->new->utf8->decode($_) }
            split(/\n/, read_file("$t->{dir}/inbox"));

is_deeply([map { $_->{to} } @inbox],
          ['33600000001', '33600000023', '33600000024'],
          'the inbox has the SMS that were taken');
cmp_ok(abs(delete($inbox[0]{at}) / 1000 - time()), '<', 5,
       'the inbox has times in milliseconds');
is_deeply($inbox[0], { id => 'msg_1', to => '33600000001', from => '38888',
                       text => "one\n\"two\" \xe9",
                       report => 'http://a.example/?m=1',
                       reference => $sent->{json}{id} },
          'the inbox has the SMS as it was sent');
is(mode("$t->{dir}/inbox"), '600', 'the inbox can be read by its owner alone');

rename("$t->{dir}/inbox", "$t->{dir}/inbox.1");
kill('USR1', $t->master());
$t->wait_for(sub { sms(to => '33600000001', text => 'x');
                   -s "$t->{dir}/inbox" }, 'a new inbox');
is(mode("$t->{dir}/inbox"), '600',
   'a new inbox after a rotation can be read by its owner alone');


###############################################################################


sub call {
    my ($method, $path, $body, @headers) = @_;

    return http($method, $t->url('plain', $path), headers => \@headers,
                defined($body) ? (body => $body) : ());
}

sub sms {
    my (%message) = @_;

    return call(POST => '/inbox', JSON::PP->new->utf8->encode(\%message),
                'Content-Type: application/json');
}

# What was understood of messages that are kept.

sub actions {
    return join(' ', map { $t->value('select action from carrierpay.mo'
                                     . ' where provider_id = ?', $_) } @_);
}

sub last_action {
    return $t->value('select action from carrierpay.mo'
                     . ' order by id desc limit 1');
}

sub mode { return sprintf('%o', (stat($_[0]))[2] & 0777) }
