#!/usr/bin/perl

# Payouts to wallets: queued by the administration, sent once by a worker,
# canceled in time or too late; the balance is never passed, the merchant is
# told, and the books balance.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(root);
use DBD::Pg qw(:async);
use JSON::PP;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;',
                                sandbox => 'delay=700ms');

# What the administration says, and what it says of a payout that is added.

sub said {
    my ($number, @arguments) = @_;
    my $admin = root() . '/conf/carrierpay-admin';
    my $dsn = "host=$t->{root}/postgres dbname=carrierpay user=postgres";
    my $said = `echo '$number' | $admin --dsn='$dsn' \\
                --secrets=$t->{root}/secrets @arguments 2>&1`;

    return $said =~ s/\n\z//r;
}

sub add {
    my ($number, $amount, $reference) = @_;

    return said($number, 'payout add 1 demo_fr', $amount, 'EUR -',
                "--reference=$reference");
}

sub show {
    my ($id) = @_;

    return decode_json($t->admin('payout', 'show', $id, '--json'))->[0];
}

sub ends {
    my ($id, $state) = @_;

    $t->wait_ok(sub { $t->due_now(); show($id)->{state} eq $state },
                "$id is $state");
}

sub done {
    my ($id) = @_;

    return join(' ', map { $_->{what} } $t->operator_log($id));
}

sub told {
    my ($id) = @_;

    $t->wait_ok(sub { $t->due_now(); scalar($t->webhooks($id)) },
                "$id: the merchant is told");

    return ($t->webhooks($id))[0]{json};
}

sub stands {
    return { map { $_->[0] => $_->[1] + 0 } $t->sql(
        'select account, amount from carrierpay.balance where account'
        . " ~ '(merchant:1:pay(able|out)|:wallet)\$'") };
}

# Nothing is owed yet.

like(add('33600000001', 100, 'early'), qr/balance is too small.* 0 EUR/,
     'without a balance there is no payout');

# Four payments leave the merchant 261 each.

$t->pay('33600000001') for 1 .. 4;

my $free = 4 * 261;

like(add('33600000001', $free + 1, 'more'),
     qr/balance is too small.* $free EUR/, 'the refusal says what is free');
like(add('3360', 1, 'short'), qr/not a number/, 'not a number');
like(add('33600000001', 0, 'zero'), qr/not an amount/, 'not an amount');
like(add('33600000001', 1, 'x' x 201), qr/--reference: 1 to 200 bytes$/,
     'a reference that is too long');
is($t->value('select count(*) from carrierpay.payout'), 0,
   'what is refused leaves nothing');

# Sent, once.

my $id = add('33600000001', 100, 'salary');

like($id, qr/^out_[0-9a-z]{13}$/, 'a payout has an id');
ends($id, 'succeeded');
is(done($id), 'paid', 'the operator has paid it once');
is(add('33600000001', 100, 'salary'), $id,
   'the same reference is the same payout');
like(add('33600000001', 101, 'salary'), qr/another payout with this reference/,
     'with another amount it is refused');

my $event = told($id);

is($event->{type}, 'payout.succeeded', 'of the success');
is_deeply([@{ $event->{data} }{qw(id object livemode status outcome amount
                                  currency operator reference failure)}],
          [$id, 'payout', JSON::PP::false, 'succeeded', undef, 100, 'EUR',
           'demo_fr', 'salary', undef], 'with the payout');
unlike(encode_json($event), qr/33600000001/, 'without the number');

my $shown = show($id);

is($shown->{line}, '******01', 'people see the end of the number');
is($shown->{operator_reference}, ($t->value('select operator_reference'
   . ' from carrierpay.payout') // 'none'), 'and the operator\'s reference');
like($t->admin('payout', 'list', '--state=succeeded'),
     qr/\Q$id\E\s.*demo_fr.*succeeded.*100.*EUR.*salary/, 'it is listed');

$t->sql('insert into carrierpay.outbox_dead (payment_id, endpoint_id,'
        . ' attempts, seq, died_at) values (?, 1, 10, 1, 0)',
        Carrierpay::Test::private_id($id));
like($t->admin('outbox', 'list', "--payout=$id"),
     qr/^\Q$id\E\s+payout\.succeeded\s.*given up/m,
     'a webhook of a payout that was given up is listed');
is($t->admin('outbox', 'redeliver', "--payout=$id"), '1 to be delivered now',
   'and is delivered again');
$t->wait_ok(sub { $t->webhooks($id) == 2 }, 'it is');

# Refused.

$id = add('33600000027', 100, 'refused');
ends($id, 'failed');
is(done($id), 'declined', 'the operator has refused it');
is_deeply([@{ told($id) }{qw(type sequence)}], ['payout.failed', 1],
          'of the failure');
is(told($id)->{data}{failure}{code}, 'subscriber_not_found', 'and why');

# Unknown, then found out; and slow.

$id = add('33600000028', 100, 'unknown');
$t->wait_ok(sub { show($id)->{outcome_unknown} },
            'an operator that does not answer leaves the outcome unknown');
is(show($id)->{state}, 'sending', 'it is on its way');
ends($id, 'succeeded');
is((grep { $_->{what} eq 'paid' } $t->operator_log($id)), 1,
   'it was paid once');
is(told($id)->{type}, 'payout.succeeded', 'of the success, when it is known');

$id = add('33600000029', 100, 'slow');
ends($id, 'succeeded');
is((grep { $_->{what} eq 'paid' } $t->operator_log($id)), 1,
   'a slow operator pays once');

# Canceled, and too late.

$t->stop_nginx();
$id = add('33600000001', 100, 'canceled');
is(show($id)->{state}, 'queued', 'without a worker it waits');
is(stands()->{'test:merchant:1:payout'}, -100, 'its money is held');
is($t->admin('payout', 'cancel', $id), '', 'it can be canceled');
is($t->admin('payout', 'cancel', $id), '', 'again');
is(show($id)->{state}, 'canceled', 'it is');
$t->start_nginx();

my $after = add('33600000001', 100, 'after');

ends($after, 'succeeded');
is(done($id), '', 'what is canceled is never sent');
like(said('', 'payout cancel', $after), qr/not in the queue any more/,
     'what is sent is not canceled');
is(scalar($t->webhooks($id)), 0, 'the merchant has canceled it by itself');

# Nothing is known for so long that no worker asks any more: people find out.

$t->expect(qr/operator says "unknown" of a payout/);
$t->stop_nginx();
$id = add('33600000028', 100, 'given-up');
$t->sql('update carrierpay.payout_due set attempts = 18');
$t->start_nginx();
$t->wait_ok(sub { $t->admin('incident', 'list') =~ /\Q$id\E +payout_unknown/ },
            'in the end it is an incident');
like(said('', 'payout failed', $after), qr/does not wait for people/,
     'what has ended does not wait for people');
is($t->admin('payout', 'done', $id, '--reference=MP-1'), '',
   'people say what became of it');
is(show($id)->{operator_reference}, 'MP-1', 'with a reference');
is($t->admin('incident', 'resolve', 1, '--owner=anna'), '',
   'and the incident is resolved');

# The money: five were paid.

is_deeply(stands(), { 'test:merchant:1:payable' => -($free - 500),
                      'test:merchant:1:payout' => 0,
                      'test:operator:demo_fr:wallet' => -500 },
          'what was paid left the wallet, the rest is the merchant\'s');
is($t->metric('carrierpay_payouts_total{event="begun"}'), 1,
   'the payouts are counted since the start');

# Two sessions spend the same balance; no worker takes what they make.

$t->stop_nginx();
$free -= 500;

my @dbh = map { $t->dbh() } 1, 2;
my @race = map {
    $dbh[$_]->prepare('select result, free from carrierpay.payout_add(?, 1,'
        . " 'demo_fr', ?, 'EUR', ?, sha256('x'), '\\xaa')",
        $_ ? { pg_async => PG_ASYNC } : {})
} 0, 1;

$dbh[0]->begin_work();
$race[0]->execute(1001, $free - 10, 'first');
$race[1]->execute(1002, 11, 'second');
$t->wait_ok(sub {
    $t->value('select count(*) from pg_stat_activity'
              . " where wait_event_type = 'Lock'");
}, 'the second one waits for the first');
$dbh[0]->commit();
$race[1]->pg_result();
is_deeply($race[0]->fetchrow_arrayref(), ['queued', 10], 'the first is made');
is_deeply($race[1]->fetchrow_arrayref(), ['amount_too_large', 10],
          'the second finds what is left');
$_->finish() for @race;
$_->disconnect() for @dbh;

is($t->admin('payout', 'cancel', Carrierpay::Test::public_id('out_', 1001)),
   '', 'the first is canceled');
is(stands()->{'test:merchant:1:payable'}, -$free, 'all is free again');
$t->start_nginx();
