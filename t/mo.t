#!/usr/bin/perl

# SMS from phones: STOP and what it stops, HELP, INFO and words that mean
# nothing; spellings of a number, and what comes twice.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_send);
use Carrierpay::Test::Services qw(read_file);
use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use Test::More;

binmode($_, ':encoding(UTF-8)') for map { Test::More->builder->$_() }
                                    qw(output failure_output);

my $t = Carrierpay::Test->start(sms => 1);
my ($demo) = $t->admin('merchant', 'list') =~ /^(\d+)\s.*Demo shop/m;
my $other = $t->admin('merchant', 'add', 'Other shop');

$t->admin('contract', 'add', $other, 'demo_fr', '--share=3000',
          '--fee=500');
$t->admin('merchant', 'set', $demo, '--support=help@shop.example');

my $key = $t->admin('key', 'add', $other);

# A merchant that was stopped cannot be paid by this number any more.

my $number = '33600000041';
my $paid = $t->pay($number, locale => 'en', $t->later());
my $pending = $t->create();
my $page = $t->checkout($pending, msisdn => $number);

$t->wait_for_sms($number);
ok($t->wait_for_messages(), 'what was written is sent');
is(mo($number, 'STOP'), '200 ',
   'STOP is taken, and the answer has no body to be sent');
like($t->wait_for_sms($number, 2)->{text},
     qr/^C'est fait : Demo shop ne peut plus débiter/,
     'STOP is answered by SMS');
is(blocks($number), "$demo", 'STOP blocks the merchant who wrote');
$t->tap($page);
is($t->payment($pending->{id})->{status}, 'pending',
   'STOP: a pending page is refused');
is($t->charged($pending->{id}), 0, 'STOP: a pending page charges nothing');
is($t->pay($number)->{status}, 'pending', 'STOP: another payment is refused');

my $charge = $t->charge_known($paid->{subscriber});

is($charge->{json}{status}, 'failed',
   'STOP: a charge of the known subscriber fails');
is($charge->{json}{failure}{code}, 'blocked_by_subscriber',
   'STOP: the failure is blocked_by_subscriber');
is($t->charged($charge->{json}{id}), 0,
   'STOP: the known subscriber is not charged');
is($t->api(POST => "/v1/payments/$pending->{id}/pin",
           { msisdn => "+$number" })->{json}{code}, 'blocked_by_subscriber',
   'STOP: a PIN is refused');
is(scalar($t->sms($number)), 2, 'STOP: no further SMS is sent');

# STOP blocks the merchant who wrote last; STOPALL, and STOP where no merchant
# has written, block all of them.

$number = '33600000042';
$t->pay($number);
$t->wait_for_sms($number);

my $theirs = order_of_other();

$t->tap($t->checkout($theirs, msisdn => $number));
like($t->wait_for_sms($number, 2)->{text}, qr/^Other shop/,
     'another merchant writes, too');
ok($t->wait_for_messages(), 'what was written is sent');
mo($number, 'Arrêt');
is(blocks($number), "$other", 'STOP blocks the merchant who wrote last');
is($t->pay($number)->{status}, 'succeeded',
   'the merchant who wrote before can be paid');
ok($t->wait_for_messages(), 'the receipt is sent');
mo($number, 'STOP');
is(blocks($number), "$demo $other",
   'a second STOP blocks the merchant who wrote before');
$t->wait_for_sms($number, 5);

$number = '33600000043';
$t->pay($number);
$t->tap($t->checkout(order_of_other(), msisdn => $number));
like($t->wait_for_sms($number, 2)->{text}, qr/shop/, 'both merchants write');
ok($t->wait_for_messages(), 'the SMS of both merchants are sent');
$t->sql("update carrierpay.message set state = 'f', reported_at = null"
        . ' where merchant_id = ? and recipient_index = ?', $other,
        index_of($number));
mo($number, 'STOP');
is(blocks($number), "$demo",
   'STOP does not count an SMS that was not delivered');

$number = '33600000044';
$t->pay($number);
$t->wait_for_sms($number);
mo($number, 'STOPALL');
is(blocks($number), 'all', 'STOPALL blocks all merchants');
like($t->wait_for_sms($number, 2)->{text}, qr/plus aucun marchand/,
     'STOPALL is answered by SMS');
$theirs = order_of_other();
$t->tap($t->checkout($theirs, msisdn => $number));
is($t->charged($theirs->{id}), 0, 'STOPALL blocks merchants who never wrote');

$number = '33600000045';
mo($number, 'stop');
is(blocks($number), 'all',
   'STOP from a number that got no SMS blocks all merchants');
like($t->wait_for_sms($number)->{text}, qr/plus aucun marchand/,
     'STOP from a number that got no SMS is answered');

# Spellings of keywords.

my $n = 0;

for my $case (
    [stop => 'STOP', 'stop', 'Stop.', ' STOP ', "STOP\n", 'stop svp',
             '« STOP »', '"Stop"', '(stop)', "\t stop!!", 'ARRÊT', 'arret',
             'ARRET', 'Stop, merci', 'UNSUBSCRIBE', 'quit', 'End', 'CANCEL',
             'STOP😀', 'STOP 😀', '❤️stop', "\x{feff}STOP", "stop\x{a0}",
             "stop\x{2026}", 'stop 1'],
    [stop_all => 'STOPALL', 'stop all', 'Stop  tout', 'STOP TOUS',
                 'arrêt tout', 'stop-all', 'ARRÊT TOUT.'],
    [help => 'HELP', 'aide', 'Aide?', 'help me'],
    [info => 'INFO', 'info svp', 'Info.'],
    [none => 'STOPP', 'STOPS', 'non stop', "don't stop", '', ' ', '?',
             'bonjour', 'arrête', '😀', 'сто', "\x{feff}", '安','a' x 1000,
             'é' x 1000, '😀' x 250, "sto\x{301}p"],
    [answer => 'OUI', 'yes', 'Oui 123', 'YES 1234567', 'oui, merci'],
    [pay => 'PAY', 'payer', 'Paye 123', 'PAIE 123456', 'pay, please'],
) {
    my ($action, @texts) = @$case;

    for my $text (@texts) {
        my $from = sprintf('3361000%04d', 1000 + $n++);
        my $id = "spelling-$n";
        my $short = length($text) > 20 ? substr($text, 0, 20) . '…' : $text;

        mo($from, $text, $id);
        is($t->value('select action from carrierpay.mo'
                     . ' where provider_id = ?', $id), $action,
           "\"$short\": $action");
        is(blocks($from), $action =~ /^stop/ ? 'all' : '',
           "\"$short\": " . ($action =~ /^stop/ ? 'stops' : 'stops nothing'));
    }
}

ok($t->wait_for_messages(), 'all answers to the spellings are sent');
is_deeply([$t->sql('select i.kind, o.action, count(*) from carrierpay.mo o'
    . ' left join carrierpay.message i'
    . ' on i.recipient_index = o.sender_index'
    . " where o.provider_id like 'spelling-%'"
    . " and (i.kind is null or i.kind <> case o.action"
    . " when 'stop' then 'stopped_all' when 'stop_all' then 'stopped_all'"
    . " when 'none' then 'help' when 'answer' then 'code_unknown'"
    . " when 'pay' then 'code_unknown'"
    . ' else o.action end) group by 1, 2')], [],
          'each spelling has its one answer');

# HELP and INFO; a word that means nothing is answered once a day.

$number = '33600000046';
$t->pay($number);
ok($t->wait_for_messages(), 'what was written is sent');
mo($number, 'HELP');
like($t->wait_for_sms($number, 2)->{text},
     qr/Demo shop.*help\@shop\.example.*STOP/s,
     'HELP is answered with the merchant and the support');
mo($number, 'INFO');
like($t->wait_for_sms($number, 3)->{text},
     qr/facture.*help\@shop\.example.*STOP/s,
     'INFO is answered with what the service is');
mo($number, 'Bonjour');
$t->wait_for_sms($number, 4);
mo($number, 'Bonsoir') for 1 .. 3;
ok($t->wait_for_messages(), 'the answer to a word without a meaning is sent');
is(scalar($t->sms($number)), 4,
   'words without a meaning are answered once a day');
$t->sql("update carrierpay.mo set at = at - 86400001 where action = 'none'");
mo($number, 'Bonjour');
$t->wait_for_sms($number, 5);
is(scalar($t->sms($number)), 5,
   'words without a meaning are answered the next day');

# Two machines answer each other: all that we say is said to us.

my @said = map { $_->{text} } $t->sms();

$number = '33600000047';
mo($number, $_) for @said;
ok($t->wait_for_messages(), 'the answer to an echo is sent');
is(scalar($t->sms($number)), 1, 'an echo of all that we say is answered once');
is(blocks($number), '', 'an echo of all that we say blocks nothing');

$number = '33600000048';
mo($number, 'HELP') for 1 .. 30;
ok($t->wait_for_messages(), 'the answers to many questions are sent');
cmp_ok(scalar($t->sms($number)), '<=', 10,
       'many questions of one number are answered ten times at most');
ok($t->wait_for_messages(), 'what was written is sent');
mo($number, 'STOP');
is(blocks($number), 'all', 'STOP is obeyed after many questions');

# What comes twice is obeyed once and answered once.

$number = '33600000049';
$t->pay($number);
$t->wait_for_sms($number);
ok($t->wait_for_messages(), 'what was written is sent');
mo($number, 'STOP', 'twice');
$t->wait_for_sms($number, 2);
$t->admin_reads("+$number", 'subscriber', 'unblock', '-',
                "--merchant=$demo");
is(blocks($number), '', 'operations take the block back');
is(mo($number, 'STOP', 'twice'), '200 ',
   'a repeated STOP is taken') for 1 .. 3;
is(blocks($number), '', 'a repeated STOP blocks nothing');

my @both = map { mo_send($number, 'INFO', 'at-once') } 1 .. 20;

is_deeply([map { $_->{status} } map { $t->receive($_) } @both],
          [(200) x 20], 'twenty copies of an INFO at once are taken');
ok($t->wait_for_messages(), 'the answer to the copies is sent');
is(scalar($t->sms($number)), 3,
   'twenty copies of an INFO at once are answered once');
mo($number, 'INFO', '') for 1 .. 2;
ok($t->wait_for_messages(), 'the answers to INFO without an id are sent');
is(scalar($t->sms($number)), 5, 'INFO without an id is answered each time');

# Spellings of a sender: all are the same number.

$number = '33600000050';

my @spellings = ("+$number", "00$number", $number, '0600000050', '600000050',
                 " $number", "\t+33 6 00-00.00/50",
                 "\x{202a}+33\x{a0}6\x{202f}00000050\x{202c}",
                 '+33 (0)6 00 00 00 50',
                 join('', map { chr(0xff10 + $_) } split(//, $number)),
                 join('', map { chr(0x660 + $_) } split(//, $number)));

for my $from (@spellings) {
    is(mo($from, 'INFO'), '200 ', 'a sender in another spelling is taken');
}

is($t->value('select count(*) from carrierpay.mo where sender_index = ?',
             index_of($number)), scalar(@spellings),
   'all spellings have the same index');
ok($t->wait_for_messages(), 'the answers to all spellings are sent');

$number = '33600000055';
is(form("from=+$number&to=38888&text=STOP"), '200',
   'STOP of a sender whose plus is not encoded is taken');
is(blocks($number), 'all',
   'STOP of a sender whose plus is not encoded is obeyed');

# A number of another country comes with its country code.

is(mo('+237600000055', 'STOP'), '200 ', 'STOP from another country is taken');
is(blocks('237600000055'), 'all', 'STOP from another country is obeyed');

# What cannot be read is kept for people, and the gateway is told.

my $kept = kept();
my @unreadable = ('Orange', '38888', '+', '33', '+33 6', '00', 'abc' x 50,
                  '999999999999999', '33600000051;33600000052',
                  '-', 'null', '600000041x');

for my $from (@unreadable) {
    is(mo($from, 'STOP') =~ s/ .*//sr, 422,
       'STOP from a sender that is no number is answered with 422');
}

is(mo('', 'STOP') =~ s/ .*//sr, 400, 'STOP without a sender is refused');
is(mo('x' x 256, 'STOP') =~ s/ .*//sr, 400,
   'STOP from a sender that is too long is refused');
is(kept() - $kept, scalar(@unreadable),
   'what senders that are no numbers have sent is kept');
is(mo('Orange', 'STOP', 'unread') =~ s/ .*//sr, 422,
   'what cannot be read is answered with 422') for 1 .. 2;
is(kept() - $kept, scalar(@unreadable) + 1,
   'what cannot be read and comes again is kept once');
is($t->value('select count(*) from carrierpay.message m join carrierpay.mo o'
             . " on o.action = 'unreadable' and o.sender = m.recipient"), 0,
   'what cannot be read is not answered');
is(problem('from=Orange&text=STOP')->{json}{code}, 'unreadable_message',
   'the code is unreadable_message');
like(metrics(), qr/callbacks_total\{what="unreadable"\} [1-9]/,
     'what cannot be read is counted');
like(read_file("$t->{dir}/error.log"),
     qr/gateway "sandbox" brought a message whose sender cannot be read/,
     'what cannot be read is logged');

# Bytes that are no text.

for my $case (
    ["{\"from\":\"33600000051\",\"text\":\"STOP\\u0000\"}", 200, 'NUL'],
    ["{\"from\":\"33600000051\",\"text\":\"STOP\xff\"}", 200, 'no UTF-8'],
    ["{\"from\":\"33600000051\",\"text\":\"STOP\\ud83d\"}", 200, 'a half'],
    ["{\"from\":\"33600000051\",\"text\":\"a\\ud83d\"}", 422,
     'a half and no keyword'],
    ["{\"from\":\"33600000051\",\"text\":\"a\\u0000\"}", 422,
     'NUL and no keyword'],
    ["{\"from\":\"Oran\xffge\",\"text\":\"STOP\"}", 422,
     'a sender that is no UTF-8'],
    ["{\"from\":3360000005133600000051,\"text\":\"STOP\"}", 422,
     'a sender of more than 64 bits'],
    ["{\"from\":\"33600000051\",\"text\":\"HELP\",\"to\":\"\\u0000\"}", 200,
     'NUL in the short code'],
    ["{\"from\":\"33600000051\",\"text\":\"HELP\",\"id\":\"\\u0000\"}", 200,
     'NUL in an id'],
    ["{\"from\":\"33600000051\",\"text\":\"HELP\\u0001\\u0007\"}", 200,
     'controls'],
    ["{\"from\":\"33600000051\",\"text\":7,\"id\":8,\"to\":9}", 200,
     'numbers for words'],
    ["{\"from\":33600000051,\"text\":\"HELP\"}", 200, 'a number for a number'],
    ["{\"from\":\"33600000051\",\"text\":[\"STOP\"]}", 400, 'a list'],
    ["{\"from\":\"33600000051\",\"text\":\"" . 'x' x 4097 . '"}', 400,
     'more than all parts of an SMS'],
    ["{\"from\":\"33600000051\",\"text\":null}", 200, 'no text at all'],
    ["{\"from\":\"33600000051\"}", 200, 'no text'],
    ["{\"text\":\"STOP\"}", 400, 'no sender'],
    ["[]", 400, 'no object'],
) {
    my ($body, $status, $what) = @$case;
    my $answer = $t->post($t->url('plain', '/callback/sandbox/mo'),
        headers => ['Content-Type: application/json'], body => $body);

    is($answer->{status}, $status, "$what: $status");
}

for my $case (
    ['from=33600000056&to=38888%00&text=HELP%00', 200, 'NUL: a blank'],
    ['from=33600000056&to=38888&text=STOP%', 400, 'half an escape'],
    ['from=33600000056&to=38888&text=STOP&text=OUI', 400, 'two texts'],
    ['from=33600000056&from=33600000057&text=STOP', 400, 'two senders'],
    ['from=33600000056&to=38888&text=STOP%ff', 422, 'no UTF-8'],
    ['from=33600000056&to=38888&text=%00S%00T%00O%00P', 422, 'many NUL'],
) {
    my ($query, $status, $what) = @$case;

    is($t->get($t->url('plain', "/callback/sandbox/mo?$query"))->{status},
       $status, "in a query, $what: $status");
}

is(blocks('33600000056'), '', 'a refused query blocks nothing');
is($t->get($t->url('plain', '/callback/sandbox/mo?from=%2B33600000051'
                   . '&to=38888&text=STOP+ALL&id=q3'))->{status}, 200,
   'STOP in a query is taken');
is(blocks('33600000051'), 'all', 'STOP in a query is obeyed');
is($t->get($t->url('plain', '/callback/nobody/mo?from=33600000051'
                   . '&text=STOP'))->{status}, 404,
   'STOP from an unknown gateway is refused');

# STOP of a number that cannot be written to is obeyed all the same.

is(mo('237600000041', 'STOP'), '200 ',
   'STOP from a number whose operator has no gateway is taken');
is(blocks('237600000041'), 'all',
   'STOP from a number whose operator has no gateway is obeyed');
is(scalar($t->sms('237600000041')), 0,
   'STOP from a number whose operator has no gateway is not answered');

# While a backend is away the SMS is refused, and the gateway brings it again.

$number = '33600000053';
$t->stop_redis();
is(mo($number, 'STOP', 'redis-1'), '200 ', 'STOP without Redis is taken');
is(mo($number, 'OUI 123456', 'redis-2') =~ s/ .*//sr, 503,
   'a code without Redis is refused');
is($t->value('select count(*) from carrierpay.mo'
             . q{ where provider_id = 'redis-2'}),
   0, 'a code without Redis is not kept, so that it can come again');
$t->start_redis();
$t->wait_ok(sub { mo($number, 'OUI 123456', 'redis-2') eq '200 ' },
            'the code is taken when Redis is back');
ok($t->wait_for_messages(), 'the answers after Redis was away are sent');
is_deeply([map { $_->[0] } $t->sql('select kind from carrierpay.message'
    . ' where recipient_index = ? order by kind', index_of($number))],
    [qw(code_unknown stopped_all)],
          'each SMS while Redis was away has its answer');

$number = '33600000054';
$t->stop_postgres();
is(mo($number, 'STOP', 'postgres') =~ s/ .*//sr, 503,
   'STOP without PostgreSQL is refused');
$t->start_postgres();
$t->wait_until_ready();
is(mo($number, 'STOP', 'postgres'), '200 ',
   'STOP is taken when PostgreSQL is back');
is(blocks($number), 'all', 'STOP is obeyed when PostgreSQL is back');
ok($t->wait_for_messages(), 'the answer after PostgreSQL was away is sent');
is(scalar($t->sms($number)), 1,
   'STOP is answered once when PostgreSQL is back');

# Numbers and texts are in no log, and are not stored in the clear.

my $log = join('', map { read_file("$t->{dir}/$_") } qw(error.log access.log));

unlike($log, qr/600000(?:04|05)\d|6100000|123456/,
       'the logs have no number and no code');
unlike($log, qr/Bonjour|Other shop|[?&]text=/, 'the logs have no text');
is($t->value('select count(*) from carrierpay.mo'
             . " where position('Bonjour'::bytea in body) > 0"
             . " or position('33600000046'::bytea in sender) > 0"), 0,
   'what came is stored sealed');


###############################################################################


sub form {
    my ($body) = @_;

    return $t->post($t->url('plain', '/callback/sandbox/mo'),
        headers => ['Content-Type: application/x-www-form-urlencoded'],
        body => $body)->{status};
}

sub problem {
    my ($query) = @_;

    return $t->get($t->url('plain', "/callback/sandbox/mo?$query"));
}

sub metrics { return $t->get($t->url('tls', '/metrics'))->{body} }

# How many messages are kept that cannot be read.

sub kept {
    return $t->value('select count(*) from carrierpay.mo'
                     . " where action = 'unreadable'");
}

# Status and body of the answer.

sub mo {
    my $answer = $t->receive(mo_send(@_));

    return "$answer->{status} $answer->{body}";
}

sub mo_send {
    my ($from, $text, $id) = @_;

    $id //= 'mo-' . ++$n;

    return http_send('POST',
        $t->url('plain', '/callback/sandbox/mo'),
        headers => ['Content-Type: application/json'],
        body => JSON::PP->new->utf8->encode({ from => $from, text => $text,
            to => '38888', length($id) ? (id => $id) : () }));
}

sub order_of_other {
    my $answer = $t->api(POST => '/v1/payments', $t->order(locale => 'en'),
                         key => $key);

    return $answer->{json};
}

# The merchants that a number has stopped, or "all".

sub blocks {
    my ($digits) = @_;

    return join(' ', map { $_->[0] // 'all' } $t->sql('select merchant_id'
        . ' from carrierpay.block where msisdn_index = ?'
        . ' order by merchant_id', index_of($digits)));
}

# A number's index in the database, computed apart from the service.

sub index_of {
    my ($digits) = @_;
    my ($index_key) = read_file("$t->{root}/secrets") =~ /^index 1 (\S+)/m;

    return '\x' . hmac_sha256_hex($digits, decode_base64($index_key));
}
