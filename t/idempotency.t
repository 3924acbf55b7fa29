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

# A pending payment.

my $first = post($t->order(), idempotency => 'a');
my $second = post($t->order(), idempotency => 'a');

is($first->{status}, 201, 'a payment is created');
is($first->{header}{'idempotent-replayed'}, undef,
   'the first answer is no replay');
is($second->{status}, 201, 'the same request again has the same status');
is($second->{body}, $first->{body},
   'the same request again has the same bytes');
is($second->{header}{'idempotent-replayed'}, 'true',
   'the same request again is marked as a replay');

my $quoted = post($t->order(), idempotency => '"a"');

is($quoted->{body}, $first->{body}, 'a quoted key is the same key');

my $other = post($t->order(amount => 500), idempotency => 'a');

is($other->{status}, 422, 'another body with the same key is refused');
is($other->{json}{code}, 'idempotency_mismatch',
   'the refusal has the code idempotency_mismatch');

# A charge.

$first = $t->charge_known($subscriber, idempotency => 'b');
$second = $t->charge_known($subscriber, idempotency => 'b');
is($first->{json}{status}, 'succeeded', 'a charge succeeds');
is($second->{body}, $first->{body},
   'the same charge again has the same bytes');
is($t->charged($first->{json}{id}), 1, 'the operator has charged once');

# The answer of a creation is kept as it was, also after later events.

my $created = post($t->order(), idempotency => 'c');

$t->tap($t->checkout($created->{json}));
is($t->payment($created->{json}{id})->{status}, 'succeeded',
   'the payment is paid after its creation');
is(post($t->order(), idempotency => 'c')->{body}, $created->{body},
   'a replay is the first answer, not the state of today');

# Eight requests with one key at once.

my @sent = map { $t->charge_known_send($subscriber, idempotency => 'd') }
           1 .. 8;
my @answers = map { $t->receive($_) } @sent;
my @created = grep { $_->{status} == 201 } @answers;
my @busy = grep { $_->{status} == 409 } @answers;
my %ids = map { $_->{json}{id} => 1 } @created;

is(@created + @busy, 8, 'eight at once are all answered 201 or 409');
is(keys(%ids), 1, 'eight at once make one payment');
is($t->charged((keys(%ids))[0]), 1, 'eight at once are charged once');
is(scalar(grep { !$_->{header}{'idempotent-replayed'} } @created), 1,
   'one of eight at once is no replay');
is(scalar(grep { $_->{json}{code} ne 'idempotency_in_flight' } @busy), 0,
   'the others of eight at once have the code idempotency_in_flight');

# A key is not used up by a request that was refused.

is(post('{"amount":', idempotency => 'e')->{status}, 400,
   'a body that is not JSON is refused');
is(post($t->order(amount => 1.5), idempotency => 'e')->{status}, 400,
   'an amount that is a float is refused');
is(post($t->order(), idempotency => 'e', key => 'sk_test_no')->{status}, 401,
   'a key that does not exist is refused');
is(post($t->order(), idempotency => 'e')->{status}, 201,
   'a refused request does not use up the idempotency key');

# What a key may be.

is(post($t->order(), idempotency => undef)->{status}, 400,
   'a request without an idempotency key is refused');
is(post($t->order(), idempotency => 'x' x 255)->{status}, 201,
   'an idempotency key of 255 bytes is taken');
is(post($t->order(), idempotency => 'x' x 256)->{status}, 400,
   'an idempotency key of 256 bytes is refused');
is(post($t->order(), idempotency => "a\xc3\xa9")->{status}, 400,
   'an idempotency key that is not printable ASCII is refused');
