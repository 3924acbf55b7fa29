#!/usr/bin/perl

# Webhooks are owed until the merchant took them: retried with the same id and
# a fresh signature; one dead endpoint does not slow another; no merchant makes
# us call into our own network.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use Test::More;
use Time::HiRes qw(time);

my $t = Carrierpay::Test->start(
    allow => 'carrierpay_webhook_allow 127.0.0.1/32;');
my $subscriber = $t->subscriber('33600000001');
my $refused = 'carrierpay_webhooks_total{result="refused"}';
my $status = "$t->{root}/receiver/webhooks.log.status";

sub charge { return $t->charge_known($subscriber)->{json}{id} }

# The merchant answers with an error first, then takes the webhook.

write_file($status, '503');

my $id = charge();

$t->wait_ok(sub { $t->webhooks($id) == 1 }, 'the webhook is delivered');
$t->wait_ok(sub {
    $t->value('select max(attempts) from carrierpay.outbox')
}, 'a webhook that was answered with 503 is still owed');

my $sent = ($t->webhooks($id))[0]{timestamp};
my $due = $t->value('select due_at / 1000.0 from carrierpay.outbox');

cmp_ok($due, '>=', $sent + 4.5,
       'the next attempt is in 4.5 seconds at the earliest');
cmp_ok($due, '<=', time() + 5.5,
       'the next attempt is in 5.5 seconds at the latest');
$t->wait_for(sub { time() >= $sent + 1 }, 'another second has begun');
unlink($status);
$t->due_now();
$t->wait_ok(sub { $t->webhooks($id) == 2 }, 'the webhook is delivered again');

my ($first, $second) = $t->webhooks($id);

is($second->{id}, $first->{id}, 'the second delivery has the same webhook-id');
isnt($second->{timestamp}, $first->{timestamp},
     'the second delivery has another timestamp');
is($second->{verified}, JSON::PP::true,
   'the second delivery has a right signature');
is($second->{body}, $first->{body}, 'the second delivery has the same body');
$t->wait_ok(sub { !$t->value('select count(*) from carrierpay.outbox') },
            'a webhook that was taken is not owed any more');

# What is committed while a claim waits for its turn is delivered by it, and
# not only when its lease ends.

my $other = $t->dbh();

$other->begin_work();
$other->do('select pg_advisory_xact_lock(1869968492)');
$t->wait_for(sub {
    $t->value('select count(*) from pg_stat_activity where usename = ?'
              . ' and wait_event_type = ? and query ~ ?',
              'carrierpay', 'Lock', 'outbox_claim') == 2;
}, 'both workers wait to claim webhooks');
$id = charge();
$other->rollback();
$other->disconnect();
$t->wait_ok(sub { $t->webhooks($id) == 1 },
            'a webhook is delivered that was owed after its claim began');

# A dead endpoint beside a good one.

$t->sql('insert into carrierpay.endpoint (id, merchant_id, live, url, secret,'
    . ' enabled) select id + 1000, merchant_id, live, ?, secret, enabled'
    . ' from carrierpay.endpoint', 'http://127.0.0.1:9/dead');

my @ids = map { charge() } 1 .. 5;

for my $told (@ids) {
    $t->wait_ok(sub { $t->webhooks($told) },
                'a dead endpoint does not delay another one');
}

$t->wait_for(sub {
    $t->value('select count(*) from carrierpay.outbox') <= @ids
}, 'the good endpoint has answered');
is($t->value('select count(*) from carrierpay.outbox'), 5,
   'the webhooks of the dead endpoint are still owed');

# Addresses of our own network that are not allowed.

for my $url ('http://127.0.0.2:80/', 'http://[::1]/', 'http://10.0.0.1/',
             'http://169.254.169.254/latest/meta-data/', 'http://0x7f000001/',
             'http://[::ffff:127.0.0.2]/', 'ftp://127.0.0.1/')
{
    # After so many attempts in a short time they would be given up.
    $t->sql('update carrierpay.outbox set attempts = 0');
    $t->sql('update carrierpay.endpoint set url = ? where id > 1000', $url);
    $t->due_now();

    my $before = $t->metric($refused);

    $t->wait_ok(sub {
        $t->due_now();
        $t->metric($refused) > $before;
    }, "an address that is not allowed is not called: $url");
}

$t->sql('delete from carrierpay.outbox where endpoint_id > 1000');
$t->sql('delete from carrierpay.endpoint where id > 1000');
