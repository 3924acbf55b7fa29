#!/usr/bin/perl

# Whatever an operator does on the wire: failed only when nothing was sent,
# unknown whenever something was and the answer is not whole and strict, and
# never a second charge. When the operator is well again, its own word decides.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Operator;
use Test::More;
use Time::HiRes qw(sleep time);

my $operator = Carrierpay::Test::Operator->listen();
my %port = map { $_ => $operator->port($_) } qw(main peer tls deaf closed);
my $tls = "proxy_pass https://127.0.0.1:$port{tls}/; proxy_ssl_verify on;"
          . ' proxy_ssl_trusted_certificate ' . $operator->certificate() . ';';

# The name of an operator, and what its location says.

my %location = (
    main     => 'proxy_pass http://main_operator/;',
    patient  => 'proxy_pass http://main_operator/;',
    peers    => 'proxy_pass http://two_peers/; proxy_read_timeout 300ms;'
                . ' proxy_next_upstream error timeout invalid_header'
                . ' http_500 http_502 http_503 http_504 http_429;',
    spare    => 'proxy_pass http://one_of_two/;',
    closed   => "proxy_pass http://127.0.0.1:$port{closed}/;",
    plain    => "proxy_pass https://127.0.0.1:$port{main}/;",
    mute     => "proxy_pass https://127.0.0.1:$port{deaf}/;",
    stranger => "$tls proxy_ssl_name operator.example;",
    secure   => "$tls proxy_ssl_name stranger;",
    off      => "return 503; proxy_pass http://127.0.0.1:$port{main}/;",
    deaf     => "proxy_pass http://127.0.0.1:$port{main}/;"
                . ' location = /egress/deaf/charges { internal;'
                . " proxy_pass http://127.0.0.1:$port{deaf}/charges; }",
);

my @names = sort(keys(%location));
my %country = map { $names[$_] => 980 + $_ } 0 .. $#names;
my $t = Carrierpay::Test->start(
    http => join('', map { block($_) } @names)
            . upstream('main_operator', 'main', 'keepalive 16;')
            . upstream('two_peers', 'main', server('peer'))
            . upstream('one_of_two', 'closed', server('main')),
    egress => join('', map {
        "location /egress/$_/ { internal; $location{$_} }\n" } @names));

sub server { return "server 127.0.0.1:$port{$_[0]} max_fails=0;" }

sub upstream {
    my ($name, $port, $more) = @_;

    return "upstream $name { " . server($port) . " $more }\n";
}

sub block {
    my ($name) = @_;
    my $settle = $name eq 'patient' ? '1h' : '6s';

    return "carrierpay_operator $name { country FR; currency EUR;"
           . " numbering $country{$name} len=8; dialect sandbox;"
           . " pass /egress/$name; timeout 3s; settle $settle; }\n";
}

$operator->serve($t);

my %subscriber = $operator->enrol($t, @names);

sub charge_send {
    my ($name, $does, %option) = @_;

    return $t->charge_known_send($subscriber{$name}, description => $does,
                                 %option);
}

sub charge { return $t->receive(charge_send(@_)) }

# What the merchant sees of a payment.

sub said {
    my ($payment) = @_;
    my $failure = $payment->{failure} // {};

    return join(' ', $payment->{status} // 'none', $payment->{outcome} // '-',
                $failure->{code} // '-');
}

# Outcomes that are certain, and how often the operator was asked to charge.

my ($succeeded, $unsent) = ('succeeded - -', 'failed - operator_unavailable');
my $unknown = 'processing unknown -';
my @certain = (
    (map { ['main', "charges $_", $succeeded, 1] }
         qw(nothing chunked until_close spaced in_pieces conflict unbuffered
            accel_limit accel accel_unknown accel_named)),
    ['spare', 'charges nothing', $succeeded, 1],
    ['spare', 'charges chunked', $succeeded, 1],
    ['secure', 'charges nothing', $succeeded, 1],
    ['main', 'declines too_frequent', 'failed - too_frequent', 1],
    ['main', 'forgets error_400', 'failed - invalid_request', 1],
    ['closed', 'charges nothing', $unsent, 0],
    ['plain', 'charges nothing', $unsent, 0],
    ['mute', 'charges nothing', $unsent, 0],
    ['stranger', 'charges nothing', $unsent, 0],
    ['off', 'charges nothing', $unsent, 0],
);

# Outcomes that are unknown: each fault comes once with money taken, once
# without.

my @faults = qw(
    error_500 error_502 error_503 error_504 error_429 redirect accepted
    closed reset silence no_body no_content cut_status cut_headers cut_body
    cut_chunk no_last_chunk promised_more reset_in_body slow_body stuck_body
    garbage other_protocol http_09 no_status large large_chunked large_header
    trailing other_payment longer shorter no_reference no_status_key
    other_status longer_status number no_proof bad_json twice array bad_utf8
    html html_400 but_declined but_charged
);
my @unknown = map { [@$_, $unknown, 1] } (
    (map { ['main', "charges $_"], ['main', "forgets $_"] } @faults),
    (map { ['peers', "charges $_"] }
         qw(error_500 error_503 error_429 closed reset silence garbage
            cut_headers cut_body)),
    ['secure', 'charges cut_body'], ['secure', 'charges reset'],
    ['patient', 'forgets closed'],
);

# Questions find an operator that is ill from the first one on, which may come
# soon. The charges of one kind are sent at once.

$operator->questions(qw(error_503 closed reset cut_body no_body garbage
                        other_payment array html bad_json silence longer));

my @all = (@certain, @unknown);

begin(@certain);
begin(@unknown);

sub begin {
    my (@cases) = @_;

    push(@$_, charge_send($_->[0], $_->[1])) for @cases;
    answered($_) for @cases;
}

sub answered {
    my ($case) = @_;
    my ($name, $does, $said, $requests, $sent) = @$case;
    my $answer = $t->receive($sent);
    my $payment = $case->[4] = $answer->{json} // {};

    is("$answer->{status} " . said($payment), "201 $said",
       "$name, $does: the merchant sees $said")
        or diag($answer->{body});
    is($operator->asked(POST => $payment->{id}), $requests,
       "$name, $does: the operator was asked to charge $requests times");
}

# The merchant asks again with the same key.

my $sent = charge('main', 'charges closed', idempotency => 'again');
my $again = charge('main', 'charges closed', idempotency => 'again');

is(said($sent->{json}), $unknown, 'a charge without an answer is unknown');
is_deeply($again->{json}, $sent->{json}, 'the same key gets the same answer');
push(@all, ['main', 'charges closed', $unknown, 1, $sent->{json}]);

# The first question comes after five seconds, more or less a tenth.

my ($other, $first) = map { $_->[0] } $t->sql(
    'select unnest(array[count(*) filter (where d.due_at - e.at not between'
    . ' 4500 and 5500), count(*)]) from carrierpay.payment_due d join'
    . ' carrierpay.event e using (payment_id) where d.attempts = 0');

cmp_ok($first, '>', 0, 'an unknown payment waits to be asked about');
is($other, 0, 'an unknown payment waits for five seconds');

# The operator is still ill: questions change nothing, and charge nothing.

my @waiting = grep { $_->[4]{outcome} } @all;

ask_all($_) for 1, 2;

is(said($t->payment($_->[4]{id})), $unknown,
   "$_->[0], $_->[1]: still unknown while the operator is ill") for @waiting;

sub ask_all {
    my ($times) = @_;

    $t->wait_ok(sub {
        my @left = map { Carrierpay::Test::private_id($_) }
                   grep { $operator->asked(GET => $_) < $times }
                   map { $_->[4]{id} } @waiting;

        $t->sql('update carrierpay.payment_due'
                . ' set due_at = carrierpay.now_ms()'
                . ' where payment_id = any (?)', \@left);
        sleep(0.3);                # an answer would be put off, as below
        return !@left;
    }, "the operator was asked about each payment $times times");
}

# Waits for a condition while the operator is asked about all payments again
# and again. Between two questions there is time for an answer, which would put
# its payment off.

sub asking {
    my ($condition, $what) = @_;

    return $t->wait_for(sub {
        $t->due_now();
        sleep(0.3);
        return $condition->();
    }, $what);
}

# The operator is well again. For the patient one "not found" means nothing
# yet.

$operator->questions();

my ($patient) = grep { $_->[0] eq 'patient' } @waiting;

@waiting = grep { $_ != $patient } @waiting;
ok(asking(sub { $t->unfinished() == 1 }, 'one payment is unsettled'),
   'all payments but one are settled');
is(said($t->payment($patient->[4]{id})), $unknown,
   'a payment that is not found within "settle" is still unknown');

is(said($t->payment($_->[4]{id})),
   $_->[1] =~ /^charges/ ? $succeeded : $unsent,
   "$_->[0], $_->[1]: settled as the operator says") for @waiting;

$operator->charge_late($patient->[4]);
$patient->[1] = 'charges late';
ok(asking(sub { said($t->payment($patient->[4]{id})) eq $succeeded },
          'the late charge'), 'a late charge settles the payment');

for my $case (@all) {
    my ($name, $does, $said, $requests, $payment) = @$case;

    is($operator->asked(POST => $payment->{id}), $requests,
       "$name, $does: in the end the operator was asked to charge $requests "
       . "times");
    is($t->charged($payment->{id}), $requests && $does =~ /^charges/ ? 1 : 0,
       "$name, $does: the operator has charged what it says");
}

# The operator is asked about this payment in the end.

$operator->questions('error_503');

my $misled = charge('main', 'charges closed')->{json}{id};

# A kept connection is reset when it is used again: the charge is not sent once
# more.

my @reused;

while (@reused < 30 && !grep { $_->{outcome} } @reused) {
    push(@reused, charge('main', 'charges reset_on_reuse')->{json});
}

is(said($reused[-1]), $unknown,
   'a connection that is reset when it is used again: unknown');
is(join(' ', map { $operator->asked(POST => $_->{id}) } @reused),
   join(' ', (1) x @reused),
   'a connection that is reset when it is used again: each charge was sent '
   . 'once');

# An operator may decline with any word; the merchant can read the answer.

is(said(charge('main', "declines $_")->{json}), 'failed - generic_decline',
   "an operator that declines with \"$_\": generic_decline")
    for 'unheard_of', 'quo"te', 'back\\slash', '<b>', '9' x 60, '';

# A call that was given up before it could be sent does not leave afterwards:
# that would charge a payment that has failed meanwhile. The kernel knocks at
# the deaf port after 1, 3, 7, 15, 31 and 63 seconds.

$operator->stop_ears();

my $start = time();
my $given_up = charge('deaf', 'charges nothing')->{json};

ok(asking(sub { $t->payment($given_up->{id})->{status} eq 'failed' },
          'the payment has failed'),
   'an operator that cannot be reached: failed');
my $gone = time() - $start;
my ($knock) = grep { $_ > $gone } 3, 7, 15, 31, 63;

is($operator->unstop_ears($knock - $gone + 1), '',
   'a call that was given up is not sent later');

# A page that says "not found", from whatever stands between, is not the
# operator's word, late as it is.

my $asked = $operator->asked(GET => $misled);

$operator->questions('html_404');
asking(sub { $operator->asked(GET => $misled) > $asked + 2
             || $t->payment($misled)->{status} ne 'processing' },
       'three questions');
is(said($t->payment($misled)), $unknown,
   'a page in place of "not found": still unknown');
$operator->questions();
ok(asking(sub { $t->payment($misled)->{status} ne 'processing' },
          'the end of the payment'),
   'the payment is settled when the operator answers again');
is(said($t->payment($misled)), $succeeded,
   'the payment is settled as the operator says');
