package Carrierpay::Test::Public::Api;

# The merchants' API: every route with its successes and its problems.

use strict;
use warnings;

use Carrierpay::Test;

my $GOOD = '"amount":499,"currency":"EUR","description":"Coins"';
my %CONFIRM = (confirm => JSON::PP::true);

sub run {
    my ($public) = @_;
    my $self = bless { public => $public, t => $public->{t} };

    $self->begin_slow();
    $self->create();
    $self->end_slow();
    $self->bad_payments();
    $self->confirm();
    $self->look();
    $self->pin();
    $self->guesses();
    $self->eligibility();
    $self->stop();
    $self->routes();
    $self->limits();
    $public->done('api', 'the API answers as recorded');
}

# Calls the API and notes the answer.

sub note {
    my ($self, $name, @request) = @_;

    return $self->{public}->answer($name, $self->{t}->api(@request));
}

# A subscriber who has consented before, by the number's last digits.

sub subscriber {
    my ($self, $digits) = @_;

    return $self->{t}->admin_reads("3360009$digits,100000",
                                   qw(subscriber add demo_fr - 1));
}

sub charge {
    my ($self, $digits) = @_;

    return $self->{t}->order(%CONFIRM,
                             subscriber => $self->subscriber($digits));
}

# The operator answers one payment late and another never; both are noted
# when they are known, and meanwhile the key of the first is in flight.

sub begin_slow {
    my ($self) = @_;
    my $t = $self->{t};
    my ($late, $silent) = map { $self->charge($_) } qw(0005 0006);

    $self->{late} = $t->api_send(POST => '/v1/payments', $late,
                                 idempotency => 'slow');
    $t->wait_for(sub { $t->operator_log() >= 1 },
                 'the operator has the charge');
    $self->note('a key in flight', POST => '/v1/payments', $late,
                idempotency => 'slow');
    $self->{silent} = $t->api_send(POST => '/v1/payments', $silent);
}

sub end_slow {
    my ($self) = @_;
    my $t = $self->{t};

    $self->{public}->answer('a charge with a slow answer',
                            $t->receive($self->{late}));
    my $silent = $self->{public}->answer('a charge without an answer',
                                         $t->receive($self->{silent}));
    $self->note('a payment with an unknown outcome',
                GET => "/v1/payments/$silent->{json}{id}");
}

sub create {
    my ($self) = @_;
    my $t = $self->{t};
    my @order = (POST => '/v1/payments', $t->order());

    $self->note('a payment is created', @order, idempotency => 'a');
    $self->note('the same key and body again', @order, idempotency => 'a');
    $self->note('the same key with another body', POST => '/v1/payments',
                $t->order(amount => 500), idempotency => 'a');
    $self->note('the least that a payment needs', POST => '/v1/payments',
                "{$GOOD}");
    $self->note('every member', POST => '/v1/payments', $t->order(
        amount => 1500, currency => 'XAF', description => "Pi\x{e8}ces <&>",
        locale => 'fr', receipt_email => 'shopper@example.com'));
    $self->note("the caller's own request id", @order,
                headers => ['X-Request-Id: caller.id-1']);
    $self->note('a request id that is none', @order,
                headers => ['X-Request-Id: <x>']);
    $self->note('no idempotency key', @order, idempotency => undef);
    $self->note('a long idempotency key', @order, idempotency => 'x' x 256);
    $self->note('no API key', @order, key => undef);
    $self->note('a wrong API key', @order, key => 'sk_test_' . 'A' x 43);
    $self->note('another scheme', @order, key => undef,
                headers => ['Authorization: Basic Zm9vOmJhcg==']);
    $self->note('not said to be JSON', @order,
                headers => ['Content-Type: text/plain']);
    $self->note('too large a body', POST => '/v1/payments',
                "{$GOOD,\"reference\":\"" . 'x' x 70000 . '"}');

    my $other = $t->admin(qw(merchant add Other));

    $self->note('a merchant without a contract', @order,
                key => $t->admin(qw(key add), $other));
}

sub bad_payments {
    my ($self) = @_;

    for my $case (
        ['half a JSON', '{"amount":'],
        ['an empty body', ''],
        ['an array', '[]'],
        ['a member twice', "{$GOOD,\"amount\":1}"],
        ['bytes that are not UTF-8', "{$GOOD,\"reference\":\"\xff\"}"],
        ['an unknown member', "{$GOOD,\"colour\":\"red\"}"],
        ['no amount', '{"currency":"EUR","description":"Coins"}'],
        ['no currency', '{"amount":499,"description":"Coins"}'],
        ['no description', '{"amount":499,"currency":"EUR"}'],
        ['a fraction', '{"amount":4.99,"currency":"EUR","description":"C"}'],
        ['an amount of zero',
         '{"amount":0,"currency":"EUR","description":"C"}'],
        ['an unknown currency',
         '{"amount":499,"currency":"EUX","description":"C"}'],
        ['an amount below the fees',
         '{"amount":5,"currency":"EUR","description":"C"}'],
        ['a description of two lines',
         '{"amount":499,"currency":"EUR","description":"a\nb"}'],
        ['a script as the URL',
         "{$GOOD,\"return_url\":\"javascript:alert(1)\"}"],
        ['metadata that is no object', "{$GOOD,\"metadata\":[]}"],
        ['an unknown language', "{$GOOD,\"locale\":\"de\"}"],
        ['an address that is none', "{$GOOD,\"receipt_email\":\"x\"}"],
        ['a charge without a subscriber', "{$GOOD,\"confirm\":true}"],
        ['a subscriber that is none',
         "{$GOOD,\"confirm\":true,\"subscriber\":\"sub_x\"}"],
        ['an unknown subscriber',
         "{$GOOD,\"confirm\":true,\"subscriber\":\"sub_0000000000001\"}"],
        ['later charges of nothing', "{$GOOD,\"later_charges\":{}}"],
        ['later charges of zero',
         "{$GOOD,\"later_charges\":{\"max_per_month\":0}}"],
    ) {
        my ($name, $body) = @$case;

        $self->note("the body of a payment: $name",
                    POST => '/v1/payments', $body);
    }
}

sub confirm {
    my ($self) = @_;
    my $t = $self->{t};

    for my $case (['0001', 'succeeds'], ['0002', 'is declined for funds'],
                  ['0003', 'is declined by the subscriber'],
                  ['0004', 'is declined by a block'],
                  ['0008', 'waits for the subscriber'])
    {
        $self->note("a charge that $case->[1]", POST => '/v1/payments',
                    $self->charge($case->[0]));
    }

    my $charge = $self->charge('0001');

    for my $case (['in another currency', currency => 'XAF'],
                  ['above the limit', amount => 5001],
                  ['below the fees', amount => 5])
    {
        my ($name, %field) = @$case;

        $self->note("a charge $name", POST => '/v1/payments',
                    { %$charge, %field });
    }

    my @charge = (POST => '/v1/payments');

    $self->note('a payment with later charges', @charge,
                $t->order($t->later(600)));
    $self->note('a charge by a consent to one payment', @charge,
                $t->order(%CONFIRM,
                          subscriber => $t->pay('33600090011')->{subscriber}));
    $self->note('a charge of more than was agreed', @charge,
                $t->order(%CONFIRM, amount => 601,
                    subscriber => $t->subscriber('33600090012', 600)));
}

sub look {
    my ($self) = @_;
    my $t = $self->{t};
    my $payment = $t->create();

    $self->note('a pending payment', GET => "/v1/payments/$payment->{id}");
    $self->note('a paid one', GET => '/v1/payments/'
                . $t->pay('33600090001')->{id});

    my $failed = $t->charge_known($t->admin_reads('33600090002,5000',
        qw(subscriber add demo_fr - 1)))->{json}{id};

    $self->note('one that was declined on its page',
                GET => '/v1/payments/' . $t->pay('33600090002')->{id});
    $self->note('a failed one', GET => "/v1/payments/$failed");
    $self->note('the headers of one', HEAD => "/v1/payments/$failed");
    $self->failures($failed);
    $self->note('a payment asked for with a live key',
                GET => "/v1/payments/$payment->{id}", undef,
                key => $t->admin(qw(key add), 'Demo shop', '--live'));
    $self->note("no such payment: $_", GET => "/v1/payments/$_")
        for 'pay_0000000000001', 'pay_x';
    $self->note('a look without a key', GET => "/v1/payments/$payment->{id}",
                undef, key => undef);
}

# What a code of failure is in words; most of them only a real operator says

sub failures {
    my ($self, $id) = @_;
    my $t = $self->{t};
    my $words = '';

    for my $code (Carrierpay::Test::Public::failure_codes()) {
        $t->sql('update carrierpay.payment set failure_code = ?'
                . ' where id = ?', $code, Carrierpay::Test::private_id($id));
        $words .= "$code: " . $t->payment($id)->{failure}{message} . "\n";
    }

    $self->{public}->text('failures in words', $words);
}

sub pin_to {
    my ($payment, $msisdn) = @_;

    return (POST => "/v1/payments/$payment->{id}/pin", { msisdn => $msisdn });
}

sub resend_of { return (POST => "/v1/payments/$_[0]{id}/resend", {}) }

sub confirm_with {
    my ($payment, $pin) = @_;

    return (POST => "/v1/payments/$payment->{id}/confirm", { pin => $pin });
}

sub pin {
    my ($self) = @_;
    my $t = $self->{t};
    my $number = '33600090051';
    my $payment = $t->create();

    $self->note('a confirmation before any PIN',
                confirm_with($payment, '123456'));
    $self->note('a PIN again before any PIN', resend_of($payment));
    $self->note('a PIN is sent', pin_to($payment, "+$number"));

    my $pin = $t->wait_for_pin($number);
    my $wrong = sprintf('%06d', ($pin + 1) % 1e6);

    $self->note('a payment that waits for a PIN',
                GET => "/v1/payments/$payment->{id}");
    $self->note('another PIN too soon', resend_of($payment));
    $self->note('a wrong PIN', confirm_with($payment, $wrong));
    $self->note('a PIN of five digits', confirm_with($payment, '12345'));
    $self->note('a PIN with an unknown member',
                POST => "/v1/payments/$payment->{id}/confirm",
                { pin => $pin, colour => 'red' });
    $self->note('the right PIN', confirm_with($payment, $pin));
    $self->note('the right PIN again', confirm_with($payment, $pin));
    $self->note('a PIN for what is paid', pin_to($payment, "+$number"));
    $self->note('another PIN for what is paid', resend_of($payment));

    $payment = $t->create();
    $self->note("a PIN to $_", pin_to($payment, $_))
        for 'x', '+33100000001', '+33690000001', '+33680000001',
            '+237600000001';

    $self->note("a PIN with the body $_",
                POST => "/v1/payments/$payment->{id}/pin", $_)
        for '{}', '{"number":"1"}', '{"msisdn":';
    $self->note('a PIN not said to be JSON',
                POST => "/v1/payments/$payment->{id}/pin", '{}',
                headers => ['Content-Type: text/plain']);

    $self->note('a PIN to where no SMS goes', pin_to(
        $t->create(currency => 'XAF', amount => 500), '+237600000001'));

    my %none = (id => 'pay_0000000000001');

    $self->note('a PIN for no payment', pin_to(\%none, "+$number"));
    $self->note('another PIN for no payment', resend_of(\%none));
    $self->note('a confirmation of no payment',
                confirm_with(\%none, '123456'));
    $self->note('a PIN without a key', pin_to($payment, "+$number"),
                key => undef);
}

# Five guesses a PIN, ten a number, four PINs a payment, five minutes a PIN.

sub guesses {
    my ($self) = @_;
    my $t = $self->{t};
    my $number = '33600090052';
    my $payment = $t->create();

    $t->api(pin_to($payment, "+$number"));

    for my $turn (1, 2) {
        my $pin = $t->wait_for_pin($number, $turn);
        my $wrong = sprintf('%06d', ($pin + 1) % 1e6);

        $self->note("wrong PIN $_ of round $turn",
                    confirm_with($payment, $wrong)) for 1 .. 5;
        $self->note("the right PIN after round $turn",
                    confirm_with($payment, $pin));
        $self->later();
        $self->note("another PIN after round $turn", resend_of($payment));
    }

    $self->note('a PIN to a locked number',
                pin_to($t->create(), "+$number"));

    $payment = $t->create();
    $t->api(pin_to($payment, '+33600090053'));

    for my $n (2 .. 5) {
        $t->wait_for_pin('33600090053', $n - 1);
        $self->later();
        $self->note("PIN $n of a payment", resend_of($payment));
    }

    $payment = $t->create();
    $t->api(pin_to($payment, '+33600090054'));

    my $pin = $t->wait_for_pin('33600090054');

    $t->sql('update carrierpay.pin set sent_at = sent_at - 300000');
    $self->note('a PIN of five minutes ago', confirm_with($payment, $pin));
}

sub later {
    $_[0]{t}->sql('update carrierpay.pin set sent_at = sent_at - 150000');
}

sub question {
    my ($self, $name, %field) = @_;

    $self->note("eligibility: $name", POST => '/v1/eligibility',
                { amount => 499, currency => 'EUR', %field },
                idempotency => undef);
}

sub eligibility {
    my ($self) = @_;
    my $t = $self->{t};

    for my $case (
        ['a line that may pay', msisdn => '+33600000001'],
        ['as it is dialled at home', msisdn => '0600000001'],
        ['an MVNO that bills', msisdn => '33700001234'],
        ['an MVNO that does not', msisdn => '33690001234'],
        ['an operator not connected', msisdn => '33680001234'],
        ['a fixed line', msisdn => '33140000000'],
        ['a line abroad', msisdn => '4915112345678'],
        ['no number', msisdn => 'hello'],
        ['ported to another operator', msisdn => '33600007777'],
        ['ported to an unknown operator', msisdn => '33600008888'],
        ['above the limit', msisdn => '33600000001', amount => 5001],
        ['another currency', msisdn => '33600000001', currency => 'XAF'],
        ['below the fees', msisdn => '33600000001', amount => 5],
        ['a country that pays', msisdn => '237600000001', amount => 500,
         currency => 'XAF'],
        ['a lookup that answers', msisdn => '33670000033'],
        ['a lookup that names an MVNO', msisdn => '33670000031'],
        ['a lookup that names another operator', msisdn => '33670000032'],
        ['an unknown member', msisdn => '33600000001', reason => 1],
        ['two lines', msisdn => '33600000001',
         subscriber => 'sub_0000000000001'],
        ['a long number', msisdn => '3' x 33],
        ['no line'],
        ['no amount', msisdn => '33600000001', amount => 0],
        ['an unknown currency', msisdn => '33600000001', currency => 'EUX'],
        ['an unknown subscriber', subscriber => 'sub_0000000000001'],
        ['a subscriber that is none', subscriber => 'sub_u'],
        ['a subscriber', subscriber => $self->subscriber('0001')],
    ) {
        $self->question(@$case);
    }

    $self->note('eligibility: half a JSON', POST => '/v1/eligibility', '{');
    $self->note('eligibility: without a key', POST => '/v1/eligibility', '{}',
                key => undef);
    $self->note('eligibility: not said to be JSON', POST => '/v1/eligibility',
                '{}', headers => ['Content-Type: text/plain']);

    $t->admin_reads('33600000009', qw(subscriber block -));
    $self->question('blocked by the subscriber', msisdn => '33600000009');
}

sub stop {
    my ($self) = @_;
    my $t = $self->{t};
    my $subscriber = $self->subscriber('0061');
    my @stop = (POST => "/v1/subscribers/$subscriber/stop", '');

    $self->note('a subscriber is stopped', @stop);
    $self->note('a subscriber is stopped again', @stop);
    $self->note('a charge of a stopped subscriber', POST => '/v1/payments',
                $self->charge('0061'));
    $self->question('a stopped subscriber', subscriber => $subscriber);
    $self->note('a stop of an unknown subscriber',
                POST => '/v1/subscribers/sub_0000000000001/stop', '');
    $self->note('a stop of what is no subscriber',
                POST => '/v1/subscribers/x/stop', '');
    $self->note('a stop without a key', @stop, key => undef);
}

sub routes {
    my ($self) = @_;

    for my $path (qw(payments payments/pay_0000000000001
                     payments/pay_0000000000001/pin
                     payments/pay_0000000000001/resend
                     payments/pay_0000000000001/confirm
                     subscribers/sub_0000000000001/stop eligibility))
    {
        $self->note("DELETE /v1/$path", DELETE => "/v1/$path");
    }

    $self->note('GET /v1/payments', GET => '/v1/payments');
    $self->note("GET /v1/$_", GET => "/v1/$_")
        for '', 'nothing', 'payments/', 'payments/pay_0000000000001/x';
    $self->note('HEAD of a payment',
                HEAD => '/v1/payments/pay_0000000000001');
}

sub limits {
    my ($self) = @_;

    for my $kind (qw(Limited Shared)) {
        my @request = (GET => '/v1/payments/pay_0000000000001', undef,
                       headers => ["X-$kind: api"]);

        $self->note("$kind: the first request", @request);
        $self->note("$kind: the second one", @request);
    }
}

1;
