#!/usr/bin/perl

# A worker dies with a message that is on its way, or that came from a phone.
# A message to a phone comes, twice at most; one from a phone that was not
# answered is brought again, and obeyed once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1);
my $paid = $t->pay('33600000001', $t->later());

$t->wait_for_sms('33600000001');
ok($t->wait_for_messages(), 'a first receipt is sent');

my %times = ('prepare:before' => 1, 'prepare:after' => 1, 'send:before' => 1,
             'send:after' => 2, 'record:before' => 2, 'record:after' => 1);

# The master is stopped: a new worker would release what the dead one has
# leased, and another one might hold it when nginx ends, which is two deaths.

for my $point (map { ("$_:before", "$_:after") } qw(prepare send record)) {
    my $charge = crash_at($t, "message.$point", sub {
        kill('STOP', $t->master());
        $t->charge_known($paid->{subscriber});
    });
    my $id = $charge->{json}{id};

    is($charge->{json}{status}, 'succeeded',
       "$point: the charge has succeeded");
    ok($t->wait_for_messages(), "$point: the receipt is sent");
    is(scalar(grep { $_->{text} =~ /\Q$id\E/ } $t->sms()), $times{$point},
       "$point: the receipt is sent $times{$point} times");
    is(states($id), 's', "$point: the message is in the state of sent ones");
}

# After two deaths in a row the message is given up.

my $id = crash_at($t, 'message.send:after', sub {
    return $t->charge_known($paid->{subscriber})->{json}{id};
}, 2);

ok($t->wait_for_messages(), 'after two deaths no message is due');
is(scalar(grep { $_->{text} =~ /\Q$id\E/ } $t->sms()), 2,
   'after two deaths the receipt was sent twice');
is(states($id), 'n', 'after two deaths the message is in the state unknown');

# SMS from phones are brought again.

my $line = 100;

for my $point (map { ("mo.$_:before", "mo.$_:after") }
               qw(code first page keep hand_over))
{
    my $number = '33600001' . ++$line;

    my $answer = crash_at($t, $point, sub {
        $t->mo($number, 'STOP', $point)
    });

    is($answer->{status}, 0, "$point: the gateway of the SMS has no answer");

    for my $again (1, 2) {
        is($t->mo($number, 'STOP', $point)->{status}, 200,
           "$point: the SMS is taken when it comes again");
    }

    is($t->value('select count(*) from carrierpay.mo where provider_id = ?',
                 $point), 1, "$point: the SMS is kept once");
    is($t->value('select count(*) from carrierpay.block b'
        . ' join carrierpay.mo o on o.sender_index = b.msisdn_index'
        . ' where o.provider_id = ?', $point), 1,
       "$point: the SMS is obeyed once");
    is($t->value('select count(*) from carrierpay.message m'
        . ' join carrierpay.mo o on o.sender_index = m.recipient_index'
        . ' where o.provider_id = ?', $point), 1,
       "$point: the SMS has one answer");
    ok($t->wait_for_messages(), "$point: the answer is sent");
    $t->wait_ok(sub { $t->sms($number) }, "$point: the answer comes");
    cmp_ok(scalar($t->sms($number)), '<=', 2,
           "$point: the answer comes twice at most");
}

# A report that was not taken is brought again, too.

for my $point (map { "sms_report.report:$_" } qw(before after)) {
    my $number = '33600001' . ++$line;
    my $payment = $t->pay($number);
    my $sms = $t->wait_for_sms($number);

    ok($t->wait_for_messages(), "$point: a receipt is sent");

    my $answer = crash_at($t, $point, sub { $t->get("$sms->{report}&d=1") });

    is($answer->{status}, 0,
       "$point: the gateway of the report has no answer");
    is($t->get("$sms->{report}&d=1")->{status}, 200,
       "$point: the report is taken when it comes again");
    is(states($payment->{id}), 'd', "$point: the message is delivered");
}


###############################################################################


sub states {
    my ($public) = @_;

    return join(' ', map { $_->[0] } $t->sql('select state from'
        . ' carrierpay.message where payment_id = ?',
        Carrierpay::Test::private_id($public)));
}
