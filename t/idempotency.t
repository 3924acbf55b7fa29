#!/usr/bin/perl

# One key, one payment: duplicates replay the first answer, whatever happens.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my $subscriber = $t->subscriber('33600000001');

sub post { return $t->api(POST => '/v1/payments', @_) }

# a pending payment

my $first = post($t->order(), idempotency => 'a');
my $second = post($t->order(), idempotency => 'a');

is($first->{status}, 201, 'created');
is($first->{header}{'idempotent-replayed'}, undef, 'the first is no replay');
is($second->{status}, 201, 'the same again: the same status');
is($second->{body}, $first->{body}, 'the same bytes');
is($second->{header}{'idempotent-replayed'}, 'true', 'said to be a replay');

my $quoted = post($t->order(), idempotency => '"a"');

is($quoted->{body}, $first->{body}, 'a quoted key is the same key');

my $other = post($t->order(amount => 500), idempotency => 'a');

is($other->{status}, 422, 'another body with the same key');
is($other->{json}{code}, 'idempotency_mismatch', 'says so');

# a charge

$first = $t->charge_known($subscriber, idempotency => 'b');
$second = $t->charge_known($subscriber, idempotency => 'b');
is($first->{json}{status}, 'succeeded', 'charged');
is($second->{body}, $first->{body}, 'replayed');
is($t->charged($first->{json}{id}), 1, 'charged once');

# the answer of a charge is kept as it was, also after later events

my $created = post($t->order(), idempotency => 'c');

$t->tap($t->checkout($created->{json}));
is($t->payment($created->{json}{id})->{status}, 'succeeded', 'paid since');
is(post($t->order(), idempotency => 'c')->{body}, $created->{body},
   'a replay is the first answer, not the state of today');

# eight at once

my @sent = map { $t->charge_known_send($subscriber, idempotency => 'd') }
           1 .. 8;
my @answers = map { $t->receive($_) } @sent;
my @created = grep { $_->{status} == 201 } @answers;
my @busy = grep { $_->{status} == 409 } @answers;
my %ids = map { $_->{json}{id} => 1 } @created;

is(@created + @busy, 8, 'eight at once: all answered 201 or 409');
is(keys(%ids), 1, 'one payment');
is($t->charged((keys(%ids))[0]), 1, 'charged once');
is(scalar(grep { !$_->{header}{'idempotent-replayed'} } @created), 1,
   'one of them did it');
is(scalar(grep { $_->{json}{code} ne 'idempotency_in_flight' } @busy), 0,
   'a 409 says why');

# a key is not consumed by a request that was refused

is(post('{"amount":', idempotency => 'e')->{status}, 400, 'not JSON');
is(post($t->order(amount => 1.5), idempotency => 'e')->{status}, 400,
   'a float');
is(post($t->order(), idempotency => 'e', key => 'sk_test_no')->{status}, 401,
   'no such key');
is(post($t->order(), idempotency => 'e')->{status}, 201,
   'the key is free after all that');

# what a key may be

is(post($t->order(), idempotency => undef)->{status}, 400, 'none');
is(post($t->order(), idempotency => 'x' x 255)->{status}, 201, '255 long');
is(post($t->order(), idempotency => 'x' x 256)->{status}, 400, '256 long');
is(post($t->order(), idempotency => "a\xc3\xa9")->{status}, 400,
   'not printable ASCII');
