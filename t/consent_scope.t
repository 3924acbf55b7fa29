#!/usr/bin/perl

# How far a consent goes: once, unless the page said that the shop may charge
# later, up to so much in a month; then as far as the page said and not a cent
# over, by two workers. SPENDS says how many charges are tried.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Smtp;
use Encode qw(decode);
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use Test::More;

my $spends = $ENV{SPENDS} // 400;
my $at_once = 64;
my $lines = 4;
my ($fewest, $most) = (50, 900);        # of one charge

binmode($_, ':encoding(UTF-8)') for map { Test::More->builder->$_() }
                                    qw(output failure_output);

my $smtp = Carrierpay::Test::Smtp->start();
my $t = Carrierpay::Test->start(sms => 1,
    http => 'carrierpay_smtp ' . $smtp->parameters() . ';');
my @later = $t->later(900);

# Once: the merchant knows the subscriber, and may not charge without a page.

my $paid = $t->pay('33600000201');
my $once = $paid->{subscriber};
my $asked = $t->operator_log();

is($paid->{later_charges}, undef, 'a payment asks for no later charges');
refused($t->charge_known($once, amount => 20), 422, 'consent_required',
        'subscriber', qr/without a page.*see \Q$paid->{id}\E\.$/s,
        'a charge without a page');
refused($t->charge_known($once, amount => 20, idempotency => 'again'), 422,
        'consent_required', 'subscriber', undef, 'so is one with a key')
    for 1, 2;
is($t->operator_log(), $asked, 'the operator was not asked');
is($t->value('select count(*) from carrierpay.payment'), 1,
   'and nothing is stored');
is(may($once, 20), 'consent_required', 'eligibility says so beforehand');
is(may_msisdn(), undef, 'of a number it says nothing');

# What a merchant may ask for.

for my $case (
    ['{}', 'invalid_parameter', 'later_charges'],
    ['[]', 'invalid_parameter', 'later_charges'],
    ['900', 'invalid_parameter', 'later_charges'],
    ['{"max_per_month":null}', 'missing_parameter',
     'later_charges.max_per_month'],
    ['{"max_per_week":9}', 'missing_parameter',
     'later_charges.max_per_month'],
    ['{"max_per_month":9,"max_per_week":9}', 'unknown_parameter',
     'later_charges'],
    (map { ["{\"max_per_month\":$_}", 'invalid_amount',
            'later_charges.max_per_month'] }
         qw(0 -1 9.5 "9" true 1000000000000)),
) {
    my ($later, $code, $param) = @$case;

    refused($t->api(POST => '/v1/payments',
        '{"amount":499,"currency":"EUR","description":"Coins",'
        . "\"later_charges\":$later}"), 400, $code, $param, undef, $later);
}

refused($t->charge_known($once, @later), 400, 'invalid_parameter',
        'later_charges', undef, 'a charge without a page that asks for more');
is($t->create(later_charges => undef)->{later_charges}, undef,
   'null is not given');

# The page says it beside the price, in the shopper's language; so do the
# consent, the receipts and the webhook.

my %says = (
    en => qr/may charge up to €9\.00 a month without asking you again/,
    fr => qr/pourra débiter jusqu’à 9,00 € par mois sans vous redemander/,
);

for my $locale (sort(keys(%says))) {
    my $number = $locale eq 'en' ? '33600000202' : '33600000203';
    my $order = $t->create(@later, locale => $locale,
                           receipt_email => "$locale\@shop.example");
    my $page = $t->checkout($order, msisdn => $number);

    is_deeply($order->{later_charges}, { max_per_month => 900 },
              "$locale: the payment says it");
    like(text($page), $says{$locale}, "$locale: the page says it");
    unlike(text($page), qr/You pay once|une seule fois/,
           "$locale: and not that it is for once");

    my $reserve = text($t->checkout($t->create(@later, locale => $locale,
        capture => 'manual'), msisdn => $number));

    like($reserve, qr/agree to both|acceptez les deux/,
         "$locale: so does the page that reserves");
    unlike($reserve, qr/not a subscription|pas un abonnement/,
           "$locale: and not that nothing comes later");

    my $receipt = $t->tap($page);
    my $payment = $t->payment($order->{id});

    is($payment->{status}, 'succeeded', "$locale: the tap pays");
    like(text($receipt), $says{$locale}, "$locale: the receipt says it");
    is_deeply($t->wait_for_webhook($order->{id})->{json}{data}, $payment,
              "$locale: the webhook has it");
    like($t->wait_for_sms($number)->{text},
         $locale eq 'en' ? qr/may charge up to €9\.00 a month later/
                         : qr/peut débiter ensuite jusqu'à 9,00 € par mois/,
         "$locale: so does the receipt by SMS");
    like(mail("$locale\@shop.example"),
         $locale eq 'en' ? qr/^Later: .*up to €9\.00 a month/m
                         : qr/^Ensuite : .*jusqu’à 9,00 € par mois/m,
         "$locale: and by mail");
    is(said($order)->{later_charges}{max_per_month}, 900,
       "$locale: the consent keeps what the page said");
}

# A PIN, on our page and on a merchant's; the word by SMS.

my $order = $t->create(@later, locale => 'en');
my $page = $t->follow($t->submit($t->unknown($order), 'number',
    { number => '+33600000204', country => 'FR' }));

like(text($page), $says{en}, 'the page with the PIN says it');
like($t->wait_for_sms('33600000204')->{text},
     qr/to pay €4\.99 and to allow up to €9\.00 a month later\./,
     'so does the SMS with the PIN');

$order = $t->create(@later, locale => 'fr');
$t->api(POST => "/v1/payments/$order->{id}/pin",
        { msisdn => '+33600000205' });
like($t->wait_for_sms('33600000205')->{text},
     qr/pour payer 4,99 € et autoriser ensuite jusqu'à 9,00 € par mois\./,
     'the SMS with the PIN for a page of the merchant says it in French');
$t->api(POST => "/v1/payments/$order->{id}/confirm",
        { pin => $t->wait_for_pin('33600000205') });
is($t->charge_known($t->payment($order->{id})->{subscriber},
                    amount => 900)->{json}{status}, 'succeeded',
   'and the PIN allows it');

$order = $t->create(@later, locale => 'en');
$page = $t->follow($t->submit($t->unknown($order), 'mo',
                             { country => 'FR' }));
like(text($page), $says{en}, 'the page that waits for an SMS says it');

my ($word) = text($page) =~ /\b(YES \d{6})\b/;

like($t->agree('33600000208', $word),
     qr/and later up to €9\.00 a month without asking, until you reply STOP/,
     'so does the SMS that asks for the word');

# Without a page: up to the cent, and what has failed gives nothing.

my $known = $t->subscriber('33600000206', 900);

is(may($known, 900), 'allowed', 'eligibility: all of it');
is(may($known, 901), 'consent_exceeded', 'eligibility: no more');

my $first = $t->charge_known($known, amount => 600)->{json};

is($first->{status}, 'succeeded', 'a later charge');
is($first->{later_charges}, undef, 'which asks for none itself');

my $over = $t->charge_known($known, amount => 301, idempotency => 'over');

is($over->{json}{status}, 'failed', 'a charge of more than was agreed fails');
is($over->{json}{failure}{code}, 'consent_exceeded', 'and says why');
is($t->charge_known($known, amount => 301, idempotency => 'over')->{body},
   $over->{body}, 'the key has this answer');
is($t->charged($over->{json}{id}), 0, 'the operator was not called');
is(may($known, 301), 'consent_exceeded', 'eligibility: what is left');
is($t->charge_known($known, amount => 300)->{json}{status}, 'succeeded',
   'all that was agreed');

my $poor = $t->pay('33600000002', @later);

is($poor->{attempts}[0]{failure}{code}, 'insufficient_funds',
   'a payment that asks for more is declined');
refused($t->charge_known($t->pseudonym($poor)), 422, 'subscriber_unknown',
        'subscriber', undef, 'then nothing is allowed');

# What is declined later is taken back; what is unknown counts.

$poor = $t->admin_reads('33600000002,900', qw(subscriber add demo_fr - 1));
is($t->charge_known($poor, amount => 900)->{json}{failure}{code},
   'insufficient_funds', 'a later charge that the operator declines')
    for 1, 2;

my $silent = $t->admin_reads('33600000006,900',
                             qw(subscriber add demo_fr - 1));

is($t->charge_known($silent, amount => 900)->{json}{outcome}, 'unknown',
   'one whose outcome is unknown');
is($t->charge_known($silent, amount => 50)->{json}{failure}{code},
   'consent_exceeded', 'counts');

# STOP, by the merchant, the phone and the operations people.

my @stops = (
    ['the merchant', sub { $t->api(POST => "/v1/subscribers/$_[0]/stop",
                                   '') }],
    ['the phone', sub { $t->mo("3360000021$_[1]", 'STOP') }],
    ['the operations people', sub { $t->admin('subscriber', 'block', $_[0],
                                              '--merchant=1') }],
);

for my $n (0 .. $#stops) {
    my ($who, $stop) = @{ $stops[$n] };
    my $number = "3360000021$n";
    my $subscriber = $t->subscriber($number);

    $t->wait_for_sms($number);
    $t->wait_for_messages();
    $stop->($subscriber, $n);
    is($t->charge_known($subscriber)->{json}{failure}{code},
       'blocked_by_subscriber', "$who: a stop ends it");
    $t->admin('subscriber', 'unblock', $subscriber, @$_)
        for ['--merchant=1'], [];
    refused($t->charge_known($subscriber), 422, 'consent_required',
            'subscriber', undef, "$who: it does not come back by itself");
    is($t->subscriber($number), $subscriber, "$who: it takes another page");
    is($t->charge_known($subscriber)->{json}{status}, 'succeeded',
       "$who: then a charge is allowed again");
}

# Many at once, about what was agreed.

my $agreed = int($spends * ($fewest + $most) / 2 / 3 / $lines);
my @known = map { $t->admin_reads("3360001010$_,$agreed",
                                  qw(subscriber add demo_fr - 1)) }
            1 .. $lines;
my (%answers, %least, @sent);

for my $n (1 .. $spends) {
    my $line = int(rand($lines));
    my $amount = $fewest + int(rand($most - $fewest + 1));

    push(@sent, [$t->charge_known_send($known[$line], amount => $amount),
                 $line, $amount]);
    answer(@{ shift(@sent) }) if @sent >= $at_once;
}

answer(@$_) for @sent;
diag("$spends charges: ", join(', ', map { "$answers{$_} $_" }
                                         sort(keys(%answers))));

is_deeply([grep { !/^(?:consent_exceeded|succeeded)$/ } keys(%answers)], [],
          'each charge succeeds or is more than was agreed');
cmp_ok($answers{consent_exceeded}, '>', $spends / 4, 'many are more');

for my $line (0 .. $#known) {
    my ($row) = $t->sql("select sum(p.amount) filter (where p.state = 's'),"
        . ' (select s.month_total from carrierpay.spend s'
        . '   where (s.msisdn_index, s.live) = (l.msisdn_index, l.live)'
        . '     and s.unasked)'
        . ' from carrierpay.payment p join carrierpay.subscriber l'
        . ' on l.id = p.subscriber_id where p.pseudonym_id = ? group by l.id',
        Carrierpay::Test::private_id($known[$line]));
    my ($spent, $total) = @$row;

    cmp_ok($spent, '<=', $agreed, "line $line: not a cent over");
    is($total, $spent, "line $line: what was charged is what counts");
    cmp_ok($spent + ($least{$line} // $most), '>', $agreed,
           "line $line: no charge was refused that would have fitted");
}

sub answer {
    my ($sent, $line, $amount) = @_;
    my $answer = $t->receive($sent)->{json};
    my $said = $answer->{failure}{code} // $answer->{status};

    $answers{$said}++;
    $least{$line} = $amount if $said eq 'consent_exceeded'
                               && $amount < ($least{$line} // $most);
}

sub refused {
    my ($answer, $status, $code, $param, $detail, $what) = @_;

    is(join(' ', $answer->{status}, map { $_ // '' }
                 @{ $answer->{json} }{qw(code param)}),
       "$status $code $param", "$what: refused");
    like($answer->{json}{detail}, $detail, "$what: the detail says why")
        if $detail;
}

sub may { return eligibility(subscriber => $_[0], amount => $_[1]) }
sub may_msisdn { return eligibility(msisdn => '+33600000201', amount => 20) }

sub eligibility {
    my $answer = $t->api(POST => '/v1/eligibility',
        { currency => 'EUR', @_ }, idempotency => undef)->{json};

    return $answer->{later_charge};
}

sub mail {
    my ($to) = @_;
    my $mail;

    $t->wait_for(sub {
        ($mail) = grep { "@{ $_->{to} }" eq $to } $smtp->mails();
    }, "a mail to $to");

    my ($head, $text) = split(/\r?\n\r?\n/, $mail->{text}, 2);

    return decode('UTF-8', decode_base64($text)) =~ s/[ \x{a0}\x{202f}]+/ /gr;
}

# What the consent keeps of the page.

sub said {
    my ($order) = @_;

    return JSON::PP->new->decode($t->value('select c.shown'
        . ' from carrierpay.consent c where c.payment_id = ?',
        Carrierpay::Test::private_id($order->{id})));
}

sub text {
    my ($page) = @_;
    my $text = decode('UTF-8', $page->{body}) =~ s/<[^>]*>//gr;

    return $text =~ s/[\x{a0}\x{202f}\s]+/ /gr;
}
