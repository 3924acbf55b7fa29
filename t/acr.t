#!/usr/bin/perl

# A customer reference (ACR) in place of a number: it goes from the header to
# the operator, the merchant charges by a pseudonym, and no log, page or
# webhook shows the reference.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(decode_base64);
use Test::More;

my $t = Carrierpay::Test->start(
    http => 'log_format line "$carrierpay_msisdn_masked $carrierpay_operator'
            . ' $carrierpay_mvno $carrierpay_evidence $status $uri";',
    operator => 'header X-ACR format=acr; mccmnc_header X-MCCMNC;',
    plain => 'access_log @dir@/plain.log line;',
    sandbox => 'delay=700ms',
);

# A reference that is as long and as odd as gateways make them.

my $long = 'STAT/1700000000+' . 'Zm9v' x 80 . '/=';

sub visit {
    my ($acr, %field) = @_;
    my $from = delete($field{from}) // '127.0.0.2';
    my $mccmnc = delete($field{mccmnc});
    my $payment = $t->create(%field);
    my $page = $t->follow($t->get($payment->{next_action}{url}, from => $from,
        headers => ["X-ACR: $acr", $mccmnc ? "X-MCCMNC: $mccmnc" : ()]));

    return ($payment->{id}, $page);
}

sub pay {
    my ($id, $page) = visit(@_);

    $t->tap($page);

    return $t->payment($id);
}

# The last four digits of a reference decide, as those of a number do.

for my $case (
    ["${long}0001", 'succeeded', undef],
    ['xyz0002', 'pending', 'insufficient_funds'],
    ['no-0003', 'pending', 'declined_by_subscriber'],
    ['a0005', 'succeeded', undef],
) {
    my ($acr, $status, $code) = @$case;
    my ($id, $page) = visit($acr);
    my $name = substr($acr, -4);

    is($page->{status}, 200, "$name: the page is shown");
    unlike($page->{body}, qr/\Q$acr\E|acr:/,
           "$name: the page shows no reference");
    $t->tap($page);

    my $after = $t->payment($id);

    is($after->{status}, $status, "$name: the payment is $status");
    is_deeply([map { $_->{failure}{code} } @{ $after->{attempts} }],
              [$code // ()], "$name: an attempt that failed says why");
    is($t->charged($id), $code ? 0 : 1,
       "$name: the operator has charged what succeeded");
    like($after->{subscriber} // 'none', $code ? qr/^none$/ : qr/^sub_\w{13}$/,
         "$name: the line has a pseudonym when it has paid");
}

# An operator that does not answer is asked later, and the payment recovers.

my ($silent, $page) = visit('token-0006');

$t->tap($page);
is($t->payment($silent)->{outcome}, 'unknown',
   '0006: the outcome is unknown at first');
$t->due_now();
$t->wait_for_status($silent, 'succeeded|failed');
is($t->payment($silent)->{status}, 'succeeded', '0006: the payment recovers');
is($t->charged($silent), 1, '0006: the operator has charged once');

# A reference is one subscriber at each operator.

my @subscriber = map { $_->{subscriber} } (
    pay('same-0001', $t->later()), pay('same-0001'),
    pay('same-0001', from => '127.0.0.3', currency => 'XAF'),
    pay('other-0001'),
);

is($subscriber[1], $subscriber[0],
   'the same reference is the same subscriber');
isnt($subscriber[2], $subscriber[0],
     'the same reference at another operator is another subscriber');
isnt($subscriber[3], $subscriber[0],
     'another reference is another subscriber');

# A charge without the shopper: the reference goes back to its operator.

my $again = $t->charge_known($subscriber[0]);

is($again->{status}, 201, 'a charge by pseudonym is created');
is($again->{json}{status}, 'succeeded', 'a charge by pseudonym succeeds');
is($t->charged($again->{json}{id}), 1, 'the operator has charged it once');

my $poor = $t->pseudonym(pay('xyz0002'));

$t->sql('update carrierpay.pseudonym set known_since = 1,'
    . " consent_id = 1, later_max = 499, currency = 'EUR'"
    . ' where known_since is null');

my $declined = $t->charge_known($poor);

is($declined->{json}{failure}{code}, 'insufficient_funds',
   'the operator knows the line by its reference');

# Eligibility is that of a number; a block holds for the page and the
# pseudonym.

sub may {
    my $answer = $t->api(POST => '/v1/eligibility', { subscriber => $_[0],
        amount => 499, currency => 'EUR' }, idempotency => undef)->{json};

    return join(' ', map { $_ // '-' } @$answer{qw(operator reason)});
}

is(may($subscriber[0]), 'demo_fr -', 'the line is eligible');
is($t->admin('subscriber', 'block', $subscriber[0]), '1 of 1 changed',
   'the line is blocked');
is(may($subscriber[0]), 'demo_fr blocked_by_subscriber',
   'a blocked line is not eligible any more');
is(may($subscriber[3]), 'demo_fr -', 'another line is still eligible');
unlike((visit('same-0001'))[1]{body}, qr/<form[^>]+confirm"/,
       'the page of a blocked line has no button');
like((visit('same-0001', from => '127.0.0.3', currency => 'XAF'))[1]{body},
     qr/<form[^>]+confirm"/,
     'the same reference at another operator is not blocked');
like((visit('barred-0001', mccmnc => 20897))[1]{body}, qr/Demo Sans Achats/,
     'a customer of an MVNO that bars purchases cannot pay');

# The reference is stored sealed, under an index of line and operator.

is($t->value("select count(*) from carrierpay.subscriber"
    . " where encode(msisdn, 'escape') like '%same-0001%'"), 0,
   'the database holds no reference in the clear');

my ($index) = map { decode_base64($_) }
              read_file("$t->{root}/secrets") =~ /^index \d+ (\S+)/m;

is($t->value('select count(*) from carrierpay.subscriber'
    . " where msisdn_index = decode(?, 'hex')",
    unpack('H*', hmac_sha256("acr:same-0001\n$_", $index))), 1,
   "the index of $_ is made of reference and operator")
    for qw(demo_fr demo_cm);

# Logs show a mask.

visit('virtual-0001', mccmnc => 20898);

like(read_file("$t->{dir}/plain.log"), $_->[0], $_->[1]) for
    [qr{^acr:\*{6}01 demo_fr - network 30\d /i/}m, 'logs have the mask'],
    [qr{^acr:\*{6} demo_fr - network 30\d /i/}m, 'a short one is all dark'],
    [qr{^acr:\*{6}01 demo_cm - network 30\d /i/}m, 'and the operator'],
    [qr{^acr:\*{6}01 demo_fr demo_virtual mccmnc 30\d /i/}m,
     'a customer of an MVNO, as the gateway says'];

my $seen = join('', $t->error_log(), map { read_file($_) }
    "$t->{dir}/access.log", "$t->{dir}/plain.log",
    "$t->{root}/receiver/webhooks.log");

unlike($seen, qr/(?:same|other|token|virtual|barred)-000|xyz0002|acr:[^*]/,
       'no other part of a reference is in a log or a webhook');

# Values that are no reference.

for my $bad ('', 'two, of them', "caf\xc3\xa9", 'a b', 'x' x 1025) {
    my ($id, $page) = visit($bad);

    like($page->{body}, qr{/number"}, 'asked for a number: '
         . substr($bad, 0, 12));
}
