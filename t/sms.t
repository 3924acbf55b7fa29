#!/usr/bin/perl

# SMS: which charge has one, what it says and how long it is, and what gateways
# report of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http);
use Carrierpay::Test::Services qw(read_file);
use Encode qw(encode);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1,
                                operator => 'timeout 3s; settle 6s;');
my $EURO = "\x{20ac}";

# Each charge has one receipt, by a shopper or a merchant, and however its
# outcome is learned.

my $paid = $t->pay('33600000001', locale => 'en', $t->later());
my $sms = $t->wait_for_sms('33600000001');

is($paid->{status}, 'succeeded', 'a tap pays');
like($sms->{text}, qr/^Demo shop: \x{20ac}4\.99 paid, on your \S.* bill\./,
     'the receipt says merchant, price and bill');
like($sms->{text}, qr/Ref \Q$paid->{id}\E\./, 'the receipt has the reference');
like($sms->{text}, qr/reply STOP/, 'the receipt says how to stop');
is($sms->{from}, '38888', 'the receipt comes from the short code');

my @again = ($paid->{subscriber}, amount => 150, idempotency => 'again');
my $again = $t->charge_known(@again);

is($again->{json}{status}, 'succeeded',
   'a charge of a known subscriber succeeds');
like($t->wait_for_sms('33600000001', 2)->{text}, qr/1,50 \x{20ac}/,
     'the receipt of that charge is in the language of the operator');
$t->charge_known(@again) for 1 .. 3;

my $unknown = $t->create(locale => 'fr');
my $waits = $t->tap($t->checkout($unknown, msisdn => '33600000006'));

like($waits->{body}, qr/Vous recevrez le re\xc3\xa7u par SMS/,
     'the page that waits says that an SMS will come');
$unknown = $t->payment($unknown->{id});

is($unknown->{status}, 'processing',
   'a charge without an answer is processing');
is(scalar($t->sms('33600000006')), 0,
   'a charge without an answer has no receipt yet');
$t->wait_ok(sub {
    $t->due_now();
    return $t->payment($unknown->{id})->{status} eq 'succeeded';
}, 'the charge without an answer has succeeded');
like($t->wait_for_sms('33600000006')->{text}, qr/paiement de 4,99 \x{20ac}/,
     'the recovered charge has its receipt');

is($t->pay('33600000002')->{status}, 'pending', 'a declined payment waits');
is($t->pay('33600000007')->{status}, 'processing',
   'a charge that did not reach the operator is processing');
$t->wait_ok(sub {
    $t->due_now();
    return $t->unfinished() == 0;
}, 'all payments are settled');
ok($t->wait_for_messages(), 'all receipts are sent');
is(scalar($t->sms('33600000001')), 2, 'each of two charges has one receipt');
is(scalar($t->sms('33600000006')), 1, 'the recovered charge has one receipt');
is(scalar($t->sms('33600000002')), 0, 'a declined payment has no receipt');
is(scalar($t->sms('33600000007')), 0,
   'a payment that was not charged has no receipt');

is_deeply([map { $_->[0] } $t->sql('select p.id from carrierpay.payment p'
    . " where p.state = 's' and (select count(*) from carrierpay.message m"
    . " where m.payment_id = p.id and m.kind = 'receipt') <> 1")], [],
    'each successful payment has one receipt');

# The bill has the name that the page gave it.

for my $case (['33600000014', 'demo_fr'], ['33700000014', 'Demo Virtuel']) {
    my ($number, $bill) = @$case;

    $t->pay($number, locale => 'en');
    like($t->wait_for_sms($number)->{text}, qr/on your $bill bill\./,
         "$number: the receipt names the bill of $bill");
}

# Lengths, parts and prices, by the alphabets of phones.

for my $case (
    ['en', 'Demo shop', 1, 'in English: one'],
    ['fr', 'Demo shop', 1, "in French: \x{e9} is of the alphabet"],
    ['fr', "Caf\x{e9} de la For\x{ea}t", 0, "\x{ea} is not"],
    ['en', "Smile \x{1f600}", 0, 'a character of two units'],
    ['en', "[{Euro $EURO}]", 1, 'characters of two septets'],
    ['en', 'x' x 120, 1, 'a long name'],
    ['en', "\x{ea}" x 120, 0, 'a long name of another alphabet'],
) {
    my ($locale, $name, $gsm, $what) = @$case;

    $t->admin('merchant', 'set', 'Demo shop', '--name='
              . encode('UTF-8', $name)) if $name ne 'Demo shop';

    my $number = '33600001' . sprintf('%03d', 100 + $t->{keys} % 900);
    my $one = $t->pay($number, locale => $locale);
    my $got = $t->wait_for_sms($number);
    my ($alphabet, $parts) = measure($got->{text});

    ok($t->wait_for_messages(), "$what: the receipt is sent");
    like($got->{text}, qr/^\Q$name\E/, "$what: the receipt has the name");
    is($alphabet, $gsm ? 'gsm' : 'ucs2',
       "$what: the receipt has the right alphabet");

    my ($row) = $t->sql('select parts, price, currency, state, provider,'
        . ' reference from carrierpay.message where payment_id = ?',
        Carrierpay::Test::private_id($one->{id}));

    is_deeply($row, [$parts, 45_000 * $parts, 'EUR', 's', 'sandbox',
                     $got->{reference}],
              "$what: the message has $parts parts and their price");
    $t->admin('merchant', 'set', encode('UTF-8', $name), '--name=Demo shop')
        if $name ne 'Demo shop';
}

# Gateways report out of order, and again.

$paid = $t->pay('33600000011');
$sms = $t->wait_for_sms('33600000011');
$t->wait_for_messages();

my ($id) = $sms->{report} =~ m{/callback/sandbox/dlr\?m=([\w.-]+)$};
my $key = Carrierpay::Test::private_id($paid->{id});

ok($id, 'the gateway is told where to report');
report($sms, 8);
is(state($key), 'b', 'the first report: buffered');
report($sms, 1);
is(state($key), 'd', 'the second report: delivered');
report($sms, 8);
is(state($key), 'd', 'a late report of "buffered" does not undo "delivered"');
report($sms, 1) for 1 .. 2;
is(state($key), 'd', '"delivered" may be reported again');
report($sms, 2);
is(state($key), 'u', '"undelivered", of a part, after "delivered" wins');
report($sms, $_) for 1, 8;
is(state($key), 'u', 'a report of another part does not undo it');

my $post = $t->post($t->url('plain', '/callback/sandbox/dlr'),
    headers => ['Content-Type: application/json'],
    body => qq({"m":"$id","d":"1"}));

is("$post->{status} $post->{body}", '200 ',
   'a report by POST in JSON is taken');

$paid = $t->pay('33600000012');
$sms = $t->wait_for_sms('33600000012');
$t->wait_for_messages();
($id) = $sms->{report} =~ /m=([\w.-]+)$/;
$key = Carrierpay::Test::private_id($paid->{id});
$post = $t->post($t->url('plain', '/callback/sandbox/dlr'),
    headers => ['Content-Type: application/x-www-form-urlencoded'],
    body => "m=$id&d=34");
is($post->{status}, 200, 'a report by POST in a form is taken');
is(state($key), 'x', 'a report of "expired" is obeyed');

# Reports of messages that are not ours, and calls that cannot be read.

my $forged = $id =~ s/(.)$/$1 eq 'A' ? 'B' : 'A'/er;

$t->sql("update carrierpay.message set state = 's' where payment_id = ?",
        $key);

for my $case (
    ["sandbox/dlr?m=$forged&d=1", 200, 'a forged id'],
    ["sandbox/dlr?m=" . substr($id, 0, -1) . '&d=1', 200, 'a short one'],
    ["sandbox/dlr?m=$id&d=99", 200, 'a word that means nothing'],
    ["sandbox/dlr?m=$id", 400, 'no state'],
    ["sandbox/dlr?d=1", 400, 'no id'],
    ["sandbox/dlr?m=$id&m=$id&d=1", 400, 'two ids'],
    ["sandbox/dlr", 400, 'nothing'],
    ["nobody/dlr?m=$id&d=1", 404, 'an unknown gateway'],
) {
    my ($path, $status, $what) = @$case;
    my $got = $t->get($t->url('plain', "/callback/$path"));

    is($got->{status}, $status, "$what: $status");
    is(state($key), 's', "$what: nothing is changed");
    unlike("$got->{headers}$got->{body}", qr/\Q$id\E/,
           "$what: the answer does not repeat the id");
    ok($status != 200 || $got->{body} eq '',
       "$what: the answer has no body to be sent");
    like($got->{header}{'content-type'} // '',
         $status == 200 ? qr{^text/plain} : qr{^application/problem\+json},
         "$what: the answer has its type");
}

# A report that comes before the answer of the gateway.

$paid = $t->pay('33600000013');
$sms = $t->wait_for_sms('33600000013');
$t->wait_for_messages();
$key = Carrierpay::Test::private_id($paid->{id});

my ($message) = $t->sql('select id from carrierpay.message'
                        . ' where payment_id = ?', $key);

$t->sql("update carrierpay.message set state = 'q', provider = null"
        . ' where id = ?', $message->[0]);
$t->sql('insert into carrierpay.message_due (message_id, due_at, token)'
        . ' values (?, ?, 7)', $message->[0], time() * 1000 + 60_000);
report($sms, 1);
$t->sql("select carrierpay.message_done(array[?::bigint], array[7::bigint],"
        . " array['accepted'], array['sandbox'], array['r'], array[1],"
        . " array[45000::bigint], array['EUR'])", $message->[0]);
is(state($key), 'd', 'a report before the answer: delivered');
is($t->value('select provider from carrierpay.message where id = ?',
             $message->[0]), 'sandbox',
   'a report before the answer: the provider is known');

# Numbers and ids of messages are in no log.

my $log = join('', map { read_file("$t->{dir}/$_") } qw(error.log access.log));

unlike($log, qr/6000000(?:0[126]|1[123])\b/, 'the logs have no number');
unlike($log, qr/\Q$id\E|m=msg/, 'the logs have no id of a message');


###############################################################################


sub state {
    return $t->value('select state from carrierpay.message'
                     . ' where payment_id = ?', $_[0]);
}

# Calls back as the gateway does: the URL that it was given, and its own word.

sub report {
    my ($message, $word) = @_;
    my $answer = $t->get("$message->{report}&d=$word");

    is("$answer->{status} $answer->{body}", '200 ',
       "a report of $word is taken, with nothing to be sent");
}

# Alphabet and parts of a text by 3GPP TS 23.038, computed apart from the
# service.

sub measure {
    my ($text) = @_;
    my $basic = "\@\x{a3}\$\x{a5}\x{e8}\x{e9}\x{f9}\x{ec}\x{f2}\x{c7}\n"
        . "\x{d8}\x{f8}\r\x{c5}\x{e5}\x{394}_\x{3a6}\x{393}\x{39b}\x{3a9}"
        . "\x{3a0}\x{3a8}\x{3a3}\x{398}\x{39e}\x{c6}\x{e6}\x{df}\x{c9} !\"#"
        . "\x{a4}%&'()*+,-./0123456789:;<=>?\x{a1}ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        . "\x{c4}\x{d6}\x{d1}\x{dc}\x{a7}\x{bf}abcdefghijklmnopqrstuvwxyz"
        . "\x{e4}\x{f6}\x{f1}\x{fc}\x{e0}";
    my $double = "\f^{}\\[~]|$EURO";
    my ($units, @sizes) = (0);

    if ($text =~ /^[\Q$basic$double\E]*\z/) {
        @sizes = map { index($double, $_) < 0 ? 1 : 2 } split(//, $text);
        return ('gsm', parts(160, 153, @sizes));
    }

    @sizes = map { ord($_) > 0xffff ? 2 : 1 } split(//, $text);

    return ('ucs2', parts(70, 67, @sizes));
}

sub parts {
    my ($one, $more, @sizes) = @_;
    my ($parts, $room, $total) = (1, $more, 0);

    $total += $_ for @sizes;

    return 1 if $total <= $one;

    for my $size (@sizes) {
        if ($size > $room) {
            $parts++;
            $room = $more;
        }

        $room -= $size;
    }

    return $parts;
}
