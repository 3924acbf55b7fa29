#!/usr/bin/perl

# A declined charge of a shopper's page is an attempt: the payment waits for
# another line, or another operator, until it expires, and one attempt at most
# succeeds.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_receive);
use Carrierpay::Test::Operator;
use Test::More;

my $operator = Carrierpay::Test::Operator->listen();
my $t = Carrierpay::Test->start(
    sms => 1,
    operator => 'timeout 2s; settle 6s;',
    http => 'carrierpay_operator faulty { country FR; currency EUR;'
            . ' numbering 990 len=8; dialect sandbox; pass /egress/faulty;'
            . ' sms sandbox; sms_from 38888; language en;'
            . ' timeout 30s; settle 60s; }',
    egress => 'location /egress/faulty/ { internal; proxy_pass'
              . ' http://127.0.0.1:' . $operator->port('main') . '/; }');

$operator->serve($t);
$operator->enrol($t, 'faulty');

my ($poor, $refuses, $barred) = map { "3360000$_" } qw(0002 0003 0004);
my $pins = 0;

sub private { return Carrierpay::Test::private_id($_[0]{id}) }

# What the merchant sees: the state, and why each attempt has failed.

sub said {
    my ($payment) = @_;
    my $p = $t->payment($payment->{id});

    return join(' ', $p->{status}, $p->{failure} ? $p->{failure}{code} : '-',
                map { "$_->{operator}:$_->{failure}{code}" }
                    @{ $p->{attempts} });
}

sub events {
    my ($payment) = @_;
    my %type = map { $_->{id} => $_->{json}{type} =~ s/^payment\.//r }
               $t->webhooks($payment->{id});

    return join(' ', map { $type{$_} } sort(keys(%type)));
}

sub logged {
    my ($payment) = @_;

    return join(' ', map { "$_->{what}$_->{reference}" =~ s/pay_\w{13}//r }
                     $t->operator_log($payment->{id}));
}

sub try_with {
    my ($payment, $msisdn) = @_;

    return $t->tap($t->checkout($payment, msisdn => $msisdn));
}

# Another line, by its number and a PIN, on the page.

sub pay_by_pin {
    my ($payment, $page, $number) = @_;
    my $sent = $t->sms($number);
    my $pin = $t->follow($t->submit($page, 'number',
                                    { country => 'FR',
                                      number => "+$number" }));

    like($pin->{body}, qr/data-state="pin"/, "$number: the page of the PIN");

    return $t->follow($t->submit($pin, 'pin',
        { pin => $t->wait_for_pin($number, $sent + 1) }));
}

# Declined, then another line pays.

my $payment = $t->create();
my $page = $t->checkout($payment, msisdn => $poor);

is_deeply($payment->{attempts}, [], 'a payment has no attempts at first');
unlike($page->{body}, qr/declined/, 'and its page says nothing of any');

my $answer = $t->tap($page);

is($answer->{status}, 303, 'a declined tap leads to the page again');
is(said($payment), 'pending - demo_fr:insufficient_funds',
   'the payment waits, and the merchant sees why');

my $after = $t->payment($payment->{id});

is($after->{expires}, $payment->{expires}, 'it keeps its time');
is($after->{operator}, undef, 'it has no operator any more');
is($after->{tax}, undef, 'and is not rated');
is($after->{next_action}{type}, 'identify', 'a line is to be found');
like($after->{attempts}[0]{at}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
     'an attempt says when it failed');
is($after->{attempts}[0]{failure}{message},
   'The balance or credit is too low.', 'and what may be told');
is_deeply([sort(keys(%{ $after->{attempts}[0] }))],
          [qw(at failure operator)], 'and nothing of the line');

my $told = $t->wait_for_webhook($payment->{id})->{json};

is($told->{type}, 'payment.attempt_failed', 'the merchant is told at once');
is_deeply([@{ $told->{data} }{qw(status attempts)}],
          ['pending', $after->{attempts}], 'of the payment as it is then');

$page = $t->checkout($payment, msisdn => $poor);
like($page->{body}, qr{The\ payment\ was\ declined\..*
     <li>demo_fr\ \xe2\x80\x93\ Your\ balance\ or\ credit\ is\ too\ low\.</li>
     .*You\ have\ not\ been\ charged}xs, 'the page says what was tried');
unlike($page->{body} =~ s/\+33[*\d ]+//r, qr/0000002/,
       'and not with which number');
like($page->{body}, qr/data-state="confirm"/, 'the same line may try again');
like($page->{body}, qr{href="\S+\?n=other">Pay with another line},
     'or another one');

my ($other) = $page->{body} =~ /href="(\S+\?n=other)"/;

$page = $t->get($t->url('tls', $other));
like($page->{body}, qr/data-state="identify".*<li>demo_fr /s,
     'the page for another number says it, too');
$page = pay_by_pin($payment, $page, '33600000041');
like($page->{body}, qr/data-state="succeeded"/, 'the other line pays');
is(said($payment), 'succeeded - demo_fr:insufficient_funds',
   'the attempt stays to be read');
is(logged($payment), 'declined charged-2',
   'the operator knows each attempt by a reference of its own');
$t->wait_ok(sub { events($payment) eq 'attempt_failed succeeded' },
            'the merchant is told of one end');

my $shown = $t->admin('payment', 'show', $payment->{id});

like($shown, qr/^attempts\ +demo_fr insufficient_funds \d{4}-\S+Z$/m,
     'payment show prints the attempts');

# What the other attempt has charged is what is paid back.

is($t->api(POST => "/v1/payments/$payment->{id}/refunds", {})
   ->{json}{status}, 'succeeded', 'the charge of an attempt is paid back');

# In French.

$payment = $t->create(locale => 'fr');
try_with($payment, $poor);
like($t->checkout($payment, msisdn => $poor)->{body},
     qr/Le\ paiement\ a\ \xc3\xa9t\xc3\xa9\ refus\xc3\xa9\.
        .*<li>demo_fr\ \xe2\x80\x93\ .*Rien\ n.{3}a\ \xc3\xa9t\xc3\xa9\ d/xs,
     'the page says it in French');

# The line cannot pay: the page asks for another one.

$payment = $t->create();
$page = try_with($payment, $barred);
like($page->{body}, qr/data-state="identify".*<li>demo_fr\b.*Purchases are/s,
     'a line that is barred leads to the form for another number');
is(said($payment), 'pending - demo_fr:subscriber_blocked',
   'the payment waits');

# The operator was away; the same line pays when it is back.

$payment = $t->create();
$page = $t->checkout($payment);
$t->expect(qr/\[crit\].*connect\(\) to unix:\S+ failed/);
$t->stop_sandbox();
$t->tap($page);
is(said($payment), 'pending - demo_fr:operator_unavailable',
   'an operator that is away fails the attempt');
$t->start_sandbox();
like(try_with($payment, '33600000001')->{body}, qr/data-state="succeeded"/,
     'the same line pays when it is back');
is(logged($payment), 'charged-2', 'nothing has reached the operator before');

# Two browsers at once, each with a page of its own.

$payment = $t->create();

my @pages = map { $t->checkout($payment) } 1 .. 2;

http_receive($_) for map { $t->tap_send($_) } @pages;
$t->wait_for_status($payment->{id}, 'succeeded');
is($t->charged($payment->{id}), 1, 'two taps at once are charged once');

$payment = $t->create();
@pages = map { $t->checkout($payment, msisdn => $refuses) } 1 .. 2;
http_receive($_) for map { $t->tap_send($_) } @pages;
$t->wait_for_status($payment->{id}, 'pending');

my $tried = scalar(@{ $t->payment($payment->{id})->{attempts} });

cmp_ok($tried, '<=', 2, 'two taps are two attempts at most');
is(scalar(grep { $_->{what} eq 'declined' } $t->operator_log($payment->{id})),
   $tried, 'and each has asked the operator once');

# While an attempt is unknown nothing else begins.

$payment = $t->create();
$page = $t->checkout($payment, msisdn => '33600000007');
try_with($payment, '33600000007');
is($t->payment($payment->{id})->{outcome}, 'unknown', 'an attempt is unknown');
like($t->tap($page)->{body}, qr/data-state="processing"/,
     'another tap leads to the page that waits');
is(logged($payment), '', 'the operator is not asked for another charge');
$t->wait_ok(sub {
    $t->due_now();
    return said($payment) eq 'pending - demo_fr:operator_unavailable';
}, 'recovery finds that nothing was charged');
$page = $t->checkout($payment, msisdn => '33600000007');
like($page->{body}, qr/<li>demo_fr\b.*Your operator could not be reached/,
     'the page says so');

my $polled = $t->get($t->url('tls', '/pay/'
    . $payment->{next_action}{url} =~ s{.*/}{}r),
    headers => ['X-Requested-With: carrierpay']);

like($polled->{body}, qr/data-state="identify"/,
     'and a page that has waited becomes one that may pay');
is(pay_by_pin($payment, $polled, '33600000042')->{status}, 200,
   'another line tries');
is(said($payment), 'succeeded - demo_fr:operator_unavailable', 'and pays');
is($t->charged($payment->{id}), 1, 'that is charged once');

# A decline that is known only after the payment's time.

$payment = $t->create();
try_with($payment, '33600000007');
$t->sql('update carrierpay.payment set expires = carrierpay.id_time(id) + 1'
        . ' where id = ?', private($payment));
$t->wait_ok(sub {
    $t->due_now();
    return said($payment) eq 'failed operator_unavailable'
                             . ' demo_fr:operator_unavailable';
}, 'a decline after its time ends the payment, with the reason');
$t->wait_ok(sub { events($payment) eq 'failed' }, 'and is its one event');

# Five attempts, and no more.

$payment = $t->create();
try_with($payment, $refuses) for 1 .. 4;
is($t->payment($payment->{id})->{status}, 'pending',
   'four declines leave it waiting');
try_with($payment, $refuses);
is(said($payment), 'failed declined_by_subscriber'
   . ' demo_fr:declined_by_subscriber' x 5,
   'the fifth decline ends the payment');
$page = $t->checkout($payment);
like($page->{body}, qr/data-state="failed".*not approved on the phone/s,
     'its page says so');
$t->wait_ok(sub {
    events($payment) eq 'attempt_failed ' x 4 . 'failed'
}, 'the merchant is told of each attempt, and of one end');

# Between attempts a payment can be canceled, by either side, or expires.

$payment = $t->create();
try_with($payment, $poor);
is($t->api(POST => "/v1/payments/$payment->{id}/cancel", {})->{json}{status},
   'canceled', 'the merchant cancels between attempts');
is(said($payment), 'canceled - demo_fr:insufficient_funds',
   'the attempts of what was canceled are read');

$payment = $t->create();
try_with($payment, $poor);
$t->submit($t->checkout($payment, msisdn => $poor), 'cancel');
is(said($payment), 'canceled - demo_fr:insufficient_funds',
   'the shopper does not pay after all');
$t->wait_ok(sub { events($payment) eq 'attempt_failed canceled' },
            'that is the one end');

$payment = $t->create();
try_with($payment, $poor);
$t->expire($payment->{id});
ok($t->wait_for_status($payment->{id}, 'expired'), 'a payment expires');
is(said($payment), 'expired - demo_fr:insufficient_funds',
   'the attempts of what has expired are read');
$t->wait_ok(sub { events($payment) eq 'attempt_failed expired' },
            'and the merchant is told of that end');

# A merchant's own page, with the PIN API.

sub ask {
    my ($payment, $what, $body) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/$what", $body // {});
}

sub confirm_with {
    my ($payment, $number) = @_;
    my $sent = $t->sms($number);

    is(ask($payment, 'pin', { msisdn => "+$number" })->{status}, 200,
       "$number: a PIN is sent");

    return ask($payment, 'confirm',
               { pin => $t->wait_for_pin($number, $sent + 1) });
}

$payment = $t->create();
$answer = confirm_with($payment, $poor);
is($answer->{status}, 200, 'a declined PIN payment is answered');
is("$answer->{json}{status} $answer->{json}{attempts}[0]{failure}{code}"
   . " $answer->{json}{next_action}{type}",
   'pending insufficient_funds identify', 'as one that waits');
$t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
$answer = confirm_with($payment, '33600000043');
is($answer->{json}{status}, 'succeeded', 'another number pays');
is(scalar(@{ $answer->{json}{attempts} }), 1, 'and the attempt is told');

# Two steps: the reservation is an attempt, too.

$payment = $t->create(capture => 'manual');
try_with($payment, $poor);
is(said($payment), 'pending - demo_fr:insufficient_funds',
   'a reservation that was declined waits');
$page = $t->checkout($payment, msisdn => $poor);
($other) = $page->{body} =~ /href="(\S+\?n=other)"/;
pay_by_pin($payment, $t->get($t->url('tls', $other)), '33600000044');
is(said($payment), 'authorized - demo_fr:insufficient_funds',
   'another line is reserved');
is(ask($payment, 'capture')->{json}{status}, 'succeeded', 'and captured');
is(logged($payment), 'declined reserved-2 captured-2',
   'by the reference of its attempt');

# Server to server there is no other attempt.

my $known = $t->admin_reads("$poor,5000", qw(subscriber add demo_fr - 1));

$answer = $t->charge_known($known)->{json};
is("$answer->{status} $answer->{failure}{code}", 'failed insufficient_funds',
   'a charge without a page fails at once');
is_deeply($answer->{attempts}, [], 'and has no attempts');

# The operator says that an attempt was declined, and then that it has charged
# it. By then another line has paid.

$operator->questions('but_declined');
$t->expect(qr/operator "faulty" says "succeeded" of payment "pay_/);
$payment = $t->create(description => 'charges in_the_end');
is(ask($payment, 'pin', { msisdn => '+99000000001' })->{status}, 200,
   'a PIN is sent to a line of another operator');

my $sent = $t->api_send(POST => "/v1/payments/$payment->{id}/confirm",
                        { pin => $t->wait_for_pin('99000000001') });

$t->wait_ok(sub {
    $t->due_now();
    return said($payment) eq 'pending - faulty:generic_decline';
}, 'recovery is told that an attempt was declined');
$t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
is(confirm_with($payment, '33600000045')->{json}{status}, 'succeeded',
   'a line of another operator pays');
$answer = $t->receive($sent);
is($answer->{json}{status}, 'succeeded',
   'the late answer is told what is recorded');
is(said($payment), 'succeeded - faulty:generic_decline',
   'and changes nothing');
is($t->value('select kind || ? || said from carrierpay.incident'
             . ' where payment_id = ?', ' ', private($payment)),
   'charged_not_recorded attempt 1 succeeded', 'it is an incident');
is($t->value('select string_agg(operation || ? || account || ? || amount, ?'
             . ' order by operation, leg) from carrierpay.entry'
             . ' where payment_id = ? and operation < 0', ' ', '=', ', ',
             private($payment)),
   '-1 test:operator:faulty:receivable=499,'
   . ' -1 test:operator:faulty:suspense=-499',
   'what that operator has taken stands in suspense');
is($t->value('select kind || operator || attempt || amount from'
             . ' carrierpay.refund_view where payment_id = ?',
             private($payment)), 'reversalfaulty1499', 'and goes back');
$t->wait_ok(sub {
    $t->due_now();
    return events($payment)
           eq 'attempt_failed succeeded late_success reversed';
}, 'and the merchant is told of all of it');
is(logged($payment), 'charged charged-2',
   'that operator knows the one, and the other operator the other');
unlike(join('', map { $_->{body} } $t->webhooks()), qr/3360000\d|99000000/,
       'no webhook has a number');
$t->sql('update carrierpay.incident set resolved_at = carrierpay.now_ms(),'
        . ' owner = ?', 'test');

cmp_ok($t->metric('carrierpay_payments_total{event="attempt_failed"}'), '>=',
       15, 'attempts that failed are counted');
