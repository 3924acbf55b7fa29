#!/usr/bin/perl

# Receipts by e-mail: to the address that the merchant gives, over SMTP with
# TLS and a log-in, once, in the payment's language; and what becomes of them
# when the mail server does not take them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Smtp;
use Carrierpay::Test::Services qw(read_file);
use Encode qw(decode encode);
use MIME::Base64 qw(decode_base64);
use Test::More;

my $smtp = Carrierpay::Test::Smtp->start(tls => 'starttls', user => 'pay',
                                         password => 'secret');
my $t = Carrierpay::Test->start(
    http => 'carrierpay_smtp ' . $smtp->parameters() . ';');
my $paid = 0;

# Pays with an address; returns the payment's id.

sub pay_with {
    my ($email, %field) = @_;

    return $t->pay('33600000001', receipt_email => $email, %field)->{id};
}

sub body {
    my ($mail) = @_;
    my ($head, $text) = split(/\r?\n\r?\n/, $mail->{text}, 2);

    return decode('UTF-8', decode_base64($text));
}

# The state of the newest mail in the ledger, once it is not queued any more.

sub state_of {
    my ($id) = @_;
    my $state;

    $t->wait_for(sub {
        ($state) = map { $_->[0] } $t->sql('select'
            . ' carrierpay.message_state(m.state) from carrierpay.message m'
            . " where m.channel = 'm' order by m.id desc limit 1");
        return $state && $state ne 'queued';
    }, 'the newest mail is not queued any more');

    return $state;
}

sub due {
    $t->sql('update carrierpay.message_due set due_at = carrierpay.now_ms()'
            . ' where token is null');
}

sub wait_for_attempt {
    my ($number) = @_;

    $t->wait_for(sub {
        $t->value('select count(*) from carrierpay.message_due'
                  . ' where attempts >= ? and token is null', $number)
    }, "attempt $number has failed");
}

my $id = pay_with('shopper@example.com', locale => 'fr',
                  description => "Pi\xc3\xa8ces");

$t->wait_ok(sub { $smtp->mails() == 1 }, 'the mail comes');

my ($mail) = $smtp->mails();

is("@{ $mail->{to} }", 'shopper@example.com', 'the mail goes to the address');
like($mail->{text}, qr/^Auto-Submitted: auto-generated/m,
     'the mail says that a machine has sent it');
like(body($mail), qr/Demo shop.*4,99 \x{20ac}.*\Q$id\E/s,
     'the mail says who, how much, and which payment');
like(body($mail), qr/^Taxe : +0,83 \x{20ac}, comprise\r?$/m,
     'the mail has the tax in the price');
like(body($mail), qr/^Ligne : +\+33\*{6}01\r?$/m,
     'the mail has the masked number');
like(body($mail), qr/^Date : +\d{4}-\d\d-\d\d \d\d:\d\d UTC\r?$/m,
     'the mail has the date');
like(body($mail), qr/^Commande : +order-1\r?$/m,
     "the mail has the merchant's reference");
unlike(body($mail), qr/33600000001/, 'the mail does not have the number');
like(body($mail), qr{https://\S+/pay/cs_\w+\S*/stop},
     'the mail says how to stop');
is(state_of($id), 'sent', 'the ledger knows that the mail is sent');

# Other payments have no mail.

$t->pay('33600000001');
$t->pay('33600000002', receipt_email => 'poor@example.com');
is($t->value('select count(*) from carrierpay.message'), 1,
   'a payment without an address, or that failed, has no mail');

my $answer = $t->api(POST => '/v1/payments',
    $t->order(receipt_email => "a\@b.example\r\nBcc: c\@d.example"));

is("$answer->{status} $answer->{json}{param}", '400 receipt_email',
   'an address with a header in it is refused');

# The server is away, or asks to come later: the mail is sent later, and once.

$smtp->stop();
pay_with('later@example.com');
wait_for_attempt(1);
$smtp->start_again();
$smtp->mode('greylist');
due();
wait_for_attempt(2);
$smtp->mode('ok');
due();
$t->wait_ok(sub { $smtp->mails() == 2 },
            'the mail is sent when the server takes it');
is(state_of(), 'sent', 'the ledger knows that the later mail is sent');

# The server refuses for ever.

$smtp->mode('refuse');
pay_with('nobody@example.com');
is(state_of(), 'failed', 'the ledger knows that a refused mail has failed');
$smtp->mode('ok');

is(() = $smtp->mails(), 2, 'each mail has come once');

my $stored = $t->value('select string_agg(encode(email, \'escape\'), \'\')'
                       . ' from carrierpay.payment');

unlike($stored, qr/example/, 'the addresses are stored sealed');
unlike(join('', map { read_file("$t->{dir}/$_") } qw(error.log access.log)),
       qr/example\.com/, 'no log has an address');
