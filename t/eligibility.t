#!/usr/bin/perl

# Which lines may pay: one answer with a reason, before the payment, on the
# page and when it is charged. A line that may not never reaches the operator.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_receive);
use Carrierpay::Test::Services qw(read_file write_file);
use Test::More;

# An operator that is asked whose customer a line is.

my $asked = <<'END';
carrierpay_operator demo_ask {
    title        "Demo Demande";
    country      FR;
    currency     EUR;
    mccmnc       20895;
    network      127.0.0.4/32;
    header       X-MSISDN;
    numbering    33 len=9 prefix=67000 trunk=0 fixed=1,2,3,4,5,9;
    dialect      sandbox;
    pass         /egress/sandbox;
    lookup_pass  /egress/sandbox timeout=10s;

    mvno ask_light {
        title    "Demo Léger";
        type     light;
        mccmnc   20894;
        billing  off;
    }
}
END

my $log = 'log_format who "$uri: $carrierpay_operator/$carrierpay_mvno'
          . ' $carrierpay_evidence $carrierpay_outcome";'
          . ' access_log @dir@/who.log who;'
          . ' carrierpay_sms_limit zone=sms key=number rate=10r/s;';
my $t = Carrierpay::Test->start(http => "$log\n$asked",
    operator => 'mccmnc_header X-MCCMNC;',
    sandbox => 'mccmnc=20895 moved=0031:20894 moved=0032:20897');
my $ported = "$t->{root}/ported.csv";
my $conf = "$t->{dir}/nginx.conf";
my $rules = read_file($conf);
my $virtual = qr/mvno demo_virtual\s*\{[^}]*\Kbilling\s+on/;

sub ask {
    my (%field) = @_;

    return $t->api(POST => '/v1/eligibility',
        { amount => 499, currency => 'EUR', %field }, idempotency => undef);
}

# Reason, operator, MVNO, evidence and rule of an answer.

sub said {
    my ($answer) = @_;

    return join(' | ', map { $_ // '-' } @{ $answer->{json} }
                           {qw(reason operator mvno evidence rule)});
}

# Loads other rules, until the next call.

sub rules {
    my ($from, $to) = @_;
    my $text = $rules;

    $text =~ s/$from/$to/ or die "no $from in the configuration\n";
    write_file($conf, $text);
    ok($t->reload(), "new rules are loaded: $to");
}

# By operations, of the line that a test calls late.

sub switch {
    my ($command) = @_;

    $t->admin_reads('33600000021', 'subscriber', $command, '-');
}

sub reset_rules {
    write_file($conf, $rules);
    ok($t->reload(), 'the old rules are loaded');
}

sub charge {
    my ($subscriber, %field) = @_;

    return $t->charge_known($subscriber, %field)->{json};
}

write_file($ported, "33600007777,62499\n33600008888,20801\n");
$rules =~ s/(?=carrierpay_zone )/carrierpay_ported $ported;\n    /;
reset_rules();

# The answer to a merchant.

my $yes = ask(msisdn => '+33600000001');

is($yes->{status}, 200, 'a question is answered without an idempotency key');
is_deeply($yes->{json}, {
    object => 'eligibility', livemode => JSON::PP::false,
    eligible => JSON::PP::true, amount => 499, currency => 'EUR',
    category => 'digital_content', reason => undef, message => undef,
    operator => 'demo_fr', operator_name => 'demo_fr', country => 'FR',
    mvno => undef, mvno_name => undef, later_charge => undef,
    evidence => 'prefix',
    rule => 'demo_fr billing',
}, 'a number of the operator is eligible');
is(said(ask(msisdn => $_, country => 'FR')), said($yes),
   'a number of a known country is eligible in any spelling')
    for '0600000001', '600000001', '33600000001', '+33600000001',
        "06\x{a0}00\x{202f}00.00/01";
is(said(ask(msisdn => $_)), 'not_a_number | - | - | - | numbering',
   "a number as it is dialled at home is of no known country: $_")
    for '0600000001', '600000001', '699980031';
is(ask(msisdn => '699980031', country => 'FR')->{json}{country}, 'FR',
   'the chosen country is not dropped');
is(ask(msisdn => '699980031', country => 'CM')->{json}{country}, 'CM',
   'the same digits are a number of another country when it is chosen');
is(said(ask(msisdn => '33700001234')),
   '- | demo_fr | demo_virtual | prefix | demo_fr/demo_virtual billing',
   'a number of an MVNO that bills is eligible');

my $barred = ask(msisdn => '33690001234');

is($barred->{status}, 200, 'the answer "no" has the status 200');
is($barred->{json}{eligible}, JSON::PP::false,
   'a number of an MVNO that bars is not eligible');
is(said($barred), 'mvno_barred | demo_fr | demo_barred | prefix'
   . ' | demo_fr/demo_barred billing', 'the answer says that the MVNO bars');
like($barred->{json}{message}, qr/provider/,
     'the answer has a message in words');
unlike($barred->{body}, qr/690001234/, 'the answer has no number');

is(said(ask(msisdn => '33680001234')),
   'operator_not_connected | demo_off | - | prefix | demo_off billing',
   'a number of an operator that is not connected is not eligible');
like(said(ask(msisdn => '33140000000')), qr/^fixed_line \| /,
     'a fixed line is not eligible');
is(said(ask(msisdn => $_)), 'not_a_number | - | - | - | numbering',
   "$_ is no number") for '4915112345678', 'hello', '+', '0600000001,336';
is(said(ask(msisdn => '33600007777')),
   'currency_not_supported | demo_cm | - | ported | demo_cm currency',
   'a number that was ported has its new operator');
like(said(ask(msisdn => '33600008888')),
   qr/^operator_not_connected \| - \| - \| ported \| carrierpay_ported$/,
   'a number that was ported to an unknown operator is not eligible');
is(said(ask(msisdn => '33600000001', amount => 5001)),
   'over_limit | demo_fr | - | prefix | demo_fr limit',
   'an amount above the limit is not eligible');
is(ask(msisdn => '33600000001', amount => 5000)->{json}{eligible},
   JSON::PP::true, 'an amount at the limit is eligible');
is(said(ask(msisdn => '33600000001', currency => 'XAF')),
   'currency_not_supported | demo_fr | - | prefix | demo_fr currency',
   'another currency is not eligible');
is(said(ask(msisdn => '33600000001', amount => 5)),
   'amount_not_allowed | demo_fr | - | prefix | demo_fr contract',
   'an amount that is less than the fees is not eligible');

$t->admin(qw(operator add demo_ask Demande FR EUR --sandbox));
$t->admin(qw(contract add 1 demo_ask --share=0 --fee=0));

is(said(ask(msisdn => '33670000033')),
   '- | demo_ask | - | lookup | demo_ask billing',
   'the operator is asked whose customer a line is');
is(said(ask(msisdn => '33670000031')), 'mvno_barred | demo_ask | ask_light'
   . ' | lookup | demo_ask/ask_light billing',
   'a lookup finds an MVNO of the operator');
is(said(ask(msisdn => '33670000032')), 'mvno_barred | demo_fr | demo_barred'
   . ' | lookup | demo_fr/demo_barred billing',
   'a lookup finds an MVNO of another operator');

is($t->admin_reads('33600000009', qw(subscriber block -)), '1 of 1 changed',
   'the number is blocked');
is(said(ask(msisdn => '33600000009')),
   'blocked_by_subscriber | demo_fr | - | prefix | demo_fr block',
   'a blocked number is not eligible');
is($t->admin_reads('33600000009', qw(subscriber unblock -)), '1 of 1 changed',
   'the number is unblocked');
is(said(ask(msisdn => '33600000009')), said($yes),
   'an unblocked number is eligible again');

$t->sql("update carrierpay.contract set valid_to = 1 + valid_from"
        . " where operator = 'demo_cm'");
is(said(ask(msisdn => '237600000001', currency => 'XAF')),
   'service_not_allowed | demo_cm | - | prefix | demo_cm contract',
   'without a contract in force a number is not eligible');

is(ask(%$_, reason => 1)->{status}, 400,
   'a question with an unknown member is refused') for {};
is(ask(@$_)->{json}{code}, 'invalid_parameter',
   "a question with an invalid value is refused: @$_")
    for [msisdn => '33600000001', subscriber => 'sub_0000000000001'],
        [subscriber => 'sub_000000000000u'], [msisdn => '3' x 129],
        [msisdn => '33600000001', country => 'fr'];
is(ask()->{json}{code}, 'missing_parameter',
   'a question without a line is refused');
is(ask(msisdn => '33600000001', amount => 0)->{json}{code},
   'invalid_amount', 'a question about an amount of 0 is refused');
is(ask(subscriber => $_)->{json}{code}, 'subscriber_unknown',
   "a question about an unknown subscriber is refused: $_")
    for 'sub_0000000000000', 'sub_0000000000001';
is($t->api(POST => '/v1/eligibility', '{}', key => undef)->{status}, 401,
   'a question without a key is refused');
is($t->value('select count(*) from carrierpay.payment'), 0,
   'questions store no payment');

# The page of a line that may not pay.

my $payment = $t->create();
my $id = $payment->{id};
my $page = $t->checkout($payment, msisdn => '33690001234');

is($page->{status}, 200, 'a barred line gets a page');
like($page->{body}, qr/This line cannot pay here/,
     'the page says that the line cannot pay');
like($page->{body}, qr/Demo Sans Achats/, 'the page names the provider');
like($page->{body}, qr/demo_fr/, 'the page names the network');
like($page->{body}, qr/not possible with your provider/, 'the page says why');
like($page->{body}, qr/What you can do/, 'the page says what to do instead');
like($page->{body}, qr{<form [^>]*/number"},
     'the page offers to type another number');
like($page->{body}, qr{https://shop\.example/r},
     'the page leads back to the shop');
like($page->{body}, qr/\+33\*+34/, 'the page shows the masked number');
unlike($page->{body}, qr/690001234/,
       'the page does not show the whole number');
unlike($page->{body}, qr{/confirm"}, 'the page has nothing to tap');
is($t->payment($id)->{status}, 'pending', 'the payment is still pending');

my $bounce = $t->identify($payment, msisdn => '33690001234');
my $french = $t->follow($bounce,
                     headers => ['Accept-Language: fr-FR,fr;q=0.9']);

like($french->{body}, qr/Cette ligne ne peut pas payer ici/,
     'the page is in French for a French browser');
like($french->{body}, qr/pas possibles chez votre/,
     'the reason is in French, too');

# Another number is typed.

sub type {
    my ($number) = @_;

    return $t->submit($t->unknown($payment), 'number',
                      { country => 'FR',
                        number => $number =~ tr/+/ /r });
}

my $typed = type('06+80+00+12+34');

is($typed->{status}, 422,
   'a typed number of an operator that is not connected is refused');
like($typed->{body}, qr/This line cannot pay here/,
     'the page says that the typed number cannot pay');
like($typed->{body}, qr/does not offer payment on the phone bill/,
     'the page says why the typed number cannot pay');
like(type('0140000000')->{body}, qr/fixed line/,
     'a typed fixed line is refused');
like(type('0600000001')->{body}, qr/No code can be sent by SMS/,
     'a typed number that may pay would get a code');
like(type('49151')->{body}, qr/belongs to no operator/,
     'a typed number that is none is refused');
is($t->metric('carrierpay_sms_limit_total{result="passed"}'), 1,
   'the budget of SMS was used for the number that may pay alone');

# Another line pays.

$t->tap($t->checkout($payment, msisdn => '33600000001'));
is($t->payment($id)->{status}, 'succeeded', 'another line pays the payment');

# Rules, blocks and contracts change between the page and the tap.

my @pending;

sub tap_late {
    my ($what, $change, $undo, $text, %option) = @_;
    my $late = $t->create();
    my $seen = $t->checkout($late, %option);

    like($seen->{body}, qr{/confirm"}, "$what: at first the line may pay");
    $change->();

    my $answer = http_receive($t->tap_send($seen));

    is($answer->{status}, 422, "$what: the tap is refused");
    like($answer->{body}, $text, "$what: the page says why");
    is($t->payment($late->{id})->{status}, 'pending',
       "$what: the payment is pending");
    is(() = $t->operator_log($late->{id}), 0,
       "$what: the operator was not asked");
    $undo->();
    push(@pending, [$late, %option]);
}

tap_late('rule', sub {
    rules($virtual, 'billing off reason=no_prepaid');
}, \&reset_rules, qr/not possible with this line/, msisdn => '33700001234');

tap_late('a provider that was not known', sub {
    rules(qr/(?=mvno demo_barred)/, 'mvno demo_new { title New; type light;'
          . ' prefix 336000000; billing off reason=no_prepaid; }');
}, \&reset_rules, qr/not possible with this line/, msisdn => '33600000024');

tap_late('block', sub { switch('block') }, sub { switch('unblock') },
         qr/blocked for this number/, msisdn => '33600000021');

tap_late('contract', sub {
    $t->sql("update carrierpay.contract set valid_to = valid_from + 1"
            . " where operator = 'demo_fr'");
}, sub {
    $t->sql("update carrierpay.contract set valid_to = null"
            . " where operator = 'demo_fr'");
}, qr/cannot be paid with your operator/, msisdn => '33600000022');

for my $waits (@pending) {
    my ($late, %option) = @$waits;

    $t->tap($t->checkout($late, %option));
    is($t->payment($late->{id})->{status}, 'succeeded',
       'a payment is paid once its line may pay again');
}

# The limit is lowered between the page and the tap: the payment does not
# begin, and waits for another line.

my $dear = $t->create(amount => 4000);
my $seen = $t->checkout($dear, msisdn => '33600000023');

rules(qr/limit\s+transaction=50\.00/, 'limit transaction=30.00');
like($t->tap($seen)->{body}, qr/data-state="barred"/,
     'a tap above a limit that was lowered is refused');
is($t->payment($dear->{id})->{status}, 'pending',
   'the payment waits for another line');
is(() = $t->operator_log($dear->{id}), 0,
   'the operator is not asked for a charge above its limit');
reset_rules();
$t->sql('delete from carrierpay.spend_limit where max_payment = 3000');

# A known subscriber is charged.

my $subscriber = $t->subscriber('33700001234');
my $refused = $t->charge_known($subscriber, amount => 5001);

is($refused->{status}, 422,
   'a charge of a subscriber above the limit is refused');
is(join(' ', @{ $refused->{json} }{qw(code param)},
        @{ $refused->{json}{nearest_amounts} }),
   'amount_not_allowed amount 5000', 'the answer names the limit');

$t->admin_reads('33700001234', 'subscriber', 'limit', '-', '--test',
                '--transaction=4500');
is(said(ask(subscriber => $subscriber, amount => 4501)),
   'over_limit | demo_fr | demo_virtual | prefix'
   . ' | demo_fr/demo_virtual limit', "a subscriber's own limit is one, too");

my $fails = charge($subscriber, amount => 4501);

is($fails->{status}, 'failed',
   'a charge of a subscriber above its own limit fails');
is($fails->{failure}{code}, 'over_limit', 'the failure is over_limit');
is($fails->{operator}, 'demo_fr', 'the failed charge has its operator');
is($t->wait_for_webhook($fails->{id})->{json}{type}, 'payment.failed',
   'the merchant gets a webhook');
is(said(ask(subscriber => $subscriber)), '- | demo_fr | demo_virtual | prefix'
   . ' | demo_fr/demo_virtual billing',
   'a question about a subscriber is answered');

# The gateway's word about a line without a known prefix is remembered.

my $heard = $t->create($t->later());

$t->tap($t->checkout($heard,
    headers => ['X-MSISDN: 33600000041', 'X-MCCMNC: 20898']));

my $told = $t->payment($heard->{id})->{subscriber};

is(said(ask(subscriber => $told)), '- | demo_fr | demo_virtual | network'
   . ' | demo_fr/demo_virtual billing',
   "a subscriber without a known prefix keeps the gateway's MVNO");

# The gateway's word goes before a prefix, which may be another MVNO's.

rules(qr/mvno demo_barred\s*\{[^}]*\Kbilling\s+off/, 'billing on');

my $moved = $t->create($t->later());

$t->tap($t->checkout($moved,
    headers => ['X-MSISDN: 33700000042', 'X-MCCMNC: 20897']));
reset_rules();
is(charge($t->payment($moved->{id})->{subscriber})->{failure}{code},
   'mvno_barred', "the gateway's MVNO goes before the prefix of another one");

rules($virtual, 'billing off reason=no_prepaid');

my $barred_later = charge($told);
my $custom = charge($subscriber);

is($custom->{failure}{code}, 'no_prepaid',
   'a charge has the reason that the rule names');
is($barred_later->{failure}{code}, 'no_prepaid',
   "a charge of the gateway's MVNO has the reason that the rule names");
is(said(ask(subscriber => $subscriber)), 'no_prepaid | demo_fr | demo_virtual'
   . ' | prefix | demo_fr/demo_virtual billing',
   'a question has the reason that the rule names');
reset_rules();

write_file($ported, "33700001234,62499\n");
ok($t->reload(), 'the ported number is loaded');

my $gone = charge($subscriber);

is($gone->{failure}{code}, 'number_ported',
   'a charge of a ported number fails');
is(said(ask(subscriber => $subscriber)),
   'number_ported | demo_cm | - | ported | demo_cm carrierpay_ported',
   'a question about a ported number names the new operator');
write_file($ported, '');
ok($t->reload(), 'the number is not ported any more');

$t->admin('subscriber', 'block', $subscriber, '--merchant=1');

my $blocked = charge($subscriber);

is($blocked->{failure}{code}, 'blocked_by_subscriber',
   'a charge of a blocked subscriber fails');
is(charge($subscriber, reference => 'again')->{status}, 'failed',
   'every charge of a blocked subscriber fails');
$t->admin('subscriber', 'unblock', $subscriber, '--merchant=1');

for my $refused ($fails, $custom, $barred_later, $gone, $blocked) {
    is(() = $t->operator_log($refused->{id}), 0,
       "$refused->{failure}{code}: the operator was not asked");
}

is(charge($subscriber)->{code}, 'consent_required',
   'a line that blocks no more has to agree again');
is($t->subscriber('33700001234'), $subscriber, 'which it does');
is(charge($subscriber)->{status}, 'succeeded',
   'a charge of an eligible subscriber succeeds');

# Lines that the operator is asked about.

my $unheard = $t->create();

like($t->checkout($unheard, msisdn => '33670000031',
                  from => '127.0.0.4')->{body},
     qr/Demo Léger.*Demo Demande/s,
     'a line whose lookup bars it gets a page that says so');
$t->tap($t->checkout($unheard, msisdn => '33670000033', from => '127.0.0.4'));
is($t->payment($unheard->{id})->{status}, 'succeeded',
   'a line whose lookup does not bar it pays');

for my $case (['33670000031', 'mvno_barred'], ['33670000032', 'number_ported'])
{
    my ($number, $reason) = @$case;
    my $one = charge($t->admin_reads("$number,5000",
                                     qw(subscriber add demo_ask - 1)));

    is($one->{failure}{code}, $reason,
       "a subscriber whose lookup bars: $reason");
    is(() = $t->operator_log($one->{id}), 0,
       "a subscriber whose lookup bars is not charged: $reason");
}

# All that the operator has charged has succeeded, and all that has succeeded
# was charged.

is_deeply([sort map { $_->{reference} }
                grep { $_->{what} eq 'charged' } $t->operator_log()],
          [sort map { Carrierpay::Test::public_id('pay_', $_->[0]) }
                $t->sql("select id from carrierpay.payment where state = 's'")
          ], 'the operator has charged what succeeded');
is(() = $t->operator_log(), scalar(grep { $_->{what} eq 'charged' }
                                   $t->operator_log()),
   'the operator has declined nothing: it was not asked');

cmp_ok($t->metric('carrierpay_eligibility_total{result="mvno_barred"}'), '>=',
       3, 'answers are counted by reason');
my $who = read_file("$t->{dir}/who.log");

like($who, qr{^/v1/eligibility: demo_fr/demo_barred prefix mvno_barred$}m,
     'the log has a question with its reason');
like($who, qr{^/pay/\S+: demo_fr/demo_barred prefix mvno_barred$}m,
     'the log has a page with its reason');
like($who, qr{^/pay/\S+/number: demo_off/- prefix operator_not_connected$}m,
     'the log has a typed number with its reason');
like($who, qr{^/pay/\S+/confirm: demo_fr/demo_virtual prefix no_prepaid$}m,
     'the log has a tap with its reason');
unlike($t->error_log(), qr/690001234|700001234/,
       'the error log has no number');
