#!/usr/bin/perl

# docs/security.md names a test for each of its claims: they exist. And the
# claims that no other file tests.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root);
use Test::More;

my $text = read_file(root() . '/docs/security.md');
my @rows = grep { /^\|/ && !/^\|---/ } split(/\n/, $text);
my ($cells, $in);

for my $row (@rows) {
    my @columns = map { s/^\s+|\s+$//gr } split(/\|/, substr($row, 1));

    if ($columns[0] eq 'liar') {
        $in = 1;
        next;
    }

    $in = 0 if @columns != 3 || $columns[0] =~ /^(?:way|attacker)$/;
    next if !$in;

    my ($file, $claim) = $columns[2] =~ /^`([\w\/.]+)`: "(.+)"$/;

    ok($claim, "$columns[0]: a test is named") or next;
    $cells++;

    # a claim may be broken over lines in its test

    my $test = eval { read_file(root() . "/t/$file") } // '';

    $test =~ s/['"]\s*\.\s*['"]//g;
    $test =~ s/''/'/g;
    ok(index($test, $claim) >= 0, "$file claims \"$claim\"");
}

cmp_ok($cells, '>', 40, 'the tables were found');

# A pseudonym is one merchant's.

my $t = Carrierpay::Test->start(sms => 1, http => <<'HTTP', plain => <<'END');
    carrierpay_sms_limit zone=sms_number key=number rate=1r/d burst=2;
    carrierpay_sms_limit zone=sms_prefix key=prefix rate=1r/d burst=5;
HTTP
        location /closed/ {
            carrierpay_callback;
            allow 192.0.2.0/24;
            deny  all;
        }
END
my $subscriber = $t->subscriber('33600000001');
my $other = $t->admin('merchant', 'add', 'Other shop');

$t->admin('contract', 'add', $other, 'demo_fr', '--share=3000',
          '--fee=500');

my $answer = $t->charge_known($subscriber, key => $t->admin('key', 'add',
                                                            $other));

is($answer->{status}, 422, "another merchant's subscriber is unknown");
is(scalar($t->operator_log()), 1,
   "another merchant's subscriber is not charged");

# A line that has not paid this merchant is no subscriber of it, even when it
# has consented: what an operator declines gives no right to try again.

sub eligibility_of {
    return $t->api(POST => '/v1/eligibility', { subscriber => $_[0],
        amount => 499, currency => 'EUR' }, idempotency => undef);
}

my $declined = $t->pay('33600000003');
my $never = $t->pseudonym($declined);
my $asked = $t->operator_log();

is($declined->{attempts}[0]{failure}{code}, 'declined_by_subscriber',
   'a line declines');
is($declined->{subscriber}, undef, 'a decline shows no subscriber');
is($t->wait_for_webhook($declined->{id})->{json}{data}{subscriber}, undef,
   "nor does the decline's webhook");

for my $answer ($t->charge_known($never), eligibility_of($never)) {
    is($answer->{status}, 422, 'the pseudonym of a line that declined');
    is($answer->{json}{code}, 'subscriber_unknown', 'is unknown');
}

is(scalar($t->operator_log()), $asked,
   'a line that has declined is not charged');

is($t->admin_reads('33600000003,5000', qw(subscriber add demo_fr - 1)), $never,
   'an import of the line has the same pseudonym');
is(eligibility_of($never)->{json}{operator}, 'demo_fr',
   'and makes it known to the merchant');

# Strangers use up the budgets of SMS of a number and of its prefix. A browser
# in which the line has paid has its own.

my ($number, $neighbour, $moving) = map { "3360000400$_" } 1 .. 3;
my @own = paid_before($number);
my @moving = paid_before($moving);

is(type($number, 201), '200 200 200 429',
   "strangers use up a number's budget of SMS");
is(type($neighbour, 202), '200 200 200 429',
   "strangers use up a neighbour's");
is(type('33600004009', 203), '429 429 429 429',
   'and with it the budget of their prefix');
is(type($number, 204, @own), '200 200 200 429',
   'a browser in which the line has paid has a budget of its own');
is(type($neighbour, 205, @own), '429 429 429 429',
   "another line's cookie has none");
is(moved(), 429, 'a tap from another place needs an SMS, too');
is(moved(@moving), 200,
   'a tap from another place is served in a browser in which the line paid');

# Only the gateway may call where gateways call.

is($t->post($t->url('plain', '/closed/sandbox/mo'),
            headers => ['Content-Type: application/json'],
            body => '{"id":"1","from":"33600000001","to":"38888",'
                    . '"text":"STOP"}')->{status}, 403,
   'a callback from elsewhere is refused');
is($t->value('select count(*) from carrierpay.mo'), 0,
   'a callback from elsewhere is not kept');


###############################################################################


# What a line's browser brings after the line has paid in it.

sub paid_before {
    my ($to) = @_;
    my $tap = $t->submit($t->checkout($t->create(), msisdn => $to), 'confirm');
    my ($cookie) = $tap->{header}{'set-cookie'} =~ /^([^;]+)/;

    return (headers => ["Cookie: $cookie"]);
}

# A number is typed for four payments, each in a block of addresses: statuses.

sub type {
    my ($to, $net, @brought) = @_;

    return join(' ', map {
        $t->submit($t->unknown($t->create(), from => "127.$net.$_.1"),
                   'number', { country => 'FR', number => "+$to" },
                   @brought)->{status}
    } 1 .. 4);
}

# A page that is tapped from another place than it was opened in: the status.

sub moved {
    my $page = $t->checkout($t->create(), msisdn => $moving);

    return $t->submit($page, 'confirm', {}, from => '127.0.9.9', @_)
             ->{status};
}
