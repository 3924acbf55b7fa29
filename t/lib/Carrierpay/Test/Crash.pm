package Carrierpay::Test::Crash;

# kill -9 of a worker at a named point, and what must be true afterwards.

use strict;
use warnings;

use Carrierpay::Test;
use Carrierpay::Test::Sources qw(files slurp);
use Exporter qw(import);
use Test::More;

our @EXPORT_OK = qw(crash_at settled claims table);

my @table;
my $sources;

# Does the work with an nginx whose workers die at the point, until so many (1)
# have died; then starts nginx without the point. Messages that a dead worker
# had leased are due at once. Returns what the work returned.

sub crash_at {
    my ($t, $point, $work, $deaths) = @_;
    my $before = deaths($t);

    die "no flow has the crash point $point\n" if !is_point($point);

    $t->expect(qr/worker process \d+ exited on signal 9/);
    $t->stop_nginx();
    {
        local $ENV{CARRIERPAY_CRASH} = $point;
        $t->start_nginx();
    }

    my $result = $work->();

    for my $n (1 .. $deaths // 1) {
        $t->sql('update carrierpay.message_due'
                . ' set due_at = carrierpay.now_ms()') if $n > 1;
        $t->wait_ok(sub { deaths($t) >= $before + $n },
                    "$point: the worker died")
            or diag(explain($result));
    }

    $t->kill_nginx();
    $t->sql('update carrierpay.message_due set due_at = carrierpay.now_ms()');
    $t->start_nginx();

    return $result;
}

# A point that no flow passes would be waited for in vain.

sub is_point {
    my ($point) = @_;

    my ($flow, $row) = $point =~ /^(\w+)\.(\w+):(?:before|after)$/
        or return 0;

    $sources //= join('', map { slurp($_) }
                          grep { m{^ngx_carrierpay/core/.*\.[ch]$} } files());

    return $sources =~ /"$flow"/ && $sources =~ /\{ "$row",/;
}

sub deaths {
    my ($t) = @_;
    my @dead = ($t->dead_workers(), $t->error_log() =~ /exited on signal 9/g);

    return scalar(@dead);
}

# It has ended, or was declined and waits for another attempt.

sub settled {
    my ($t, $point, $id) = @_;

    $t->wait_ok(sub {
        $t->due_now();

        my $payment = $t->payment($id);
        my $status = $payment->{status} // '';

        return $status =~ /^(succeeded|failed)$/
            || $status eq 'pending' && @{ $payment->{attempts} };
    }, "$point: settled");
}

# One row of the table: charged as often as posted, and the merchant told: once
# of the end, and once of each attempt that was declined.

sub claims {
    my ($t, $point, $id) = @_;
    my $number = Carrierpay::Test::private_id($id);
    my $posted = $t->value('select count(*) from carrierpay.journal'
                           . ' where payment_id = ?', $number);

    my ($status, $attempts) = @{ $t->payment($id) }{qw(status attempts)};

    $t->wait_ok(sub { $t->due_now(); told($t, $id) == 1 + @$attempts },
                "$point: the merchant is told");

    my @webhooks = $t->webhooks($id);
    my $charged = $t->charged($id);

    is($charged, $posted, "$point: charged as often as posted");
    cmp_ok($charged, '<=', 1, "$point: at most once");
    is($charged, $status eq 'succeeded' ? 1 : 0,
       "$point: what the merchant sees is what happened");
    is(told($t, $id, qr/^payment\.$status$/), 1,
       "$point: one event of the end, however often delivered");
    is(told($t, $id), 1 + @$attempts,
       "$point: and no other but those of attempts");
    push(@table, [$point, $status, $charged, $posted, scalar(@webhooks)]);
}

# How many events the merchant was told of.

sub told {
    my ($t, $id, $type) = @_;
    my %ids = map { $_->{id} => 1 }
              grep { !$type || $_->{json}{type} =~ $type } $t->webhooks($id);

    return scalar(keys(%ids));
}

sub table {
    my $format = '%-26s %-10s %7s %6s %7s';

    diag(sprintf($format, qw(point status charged posted webhook)));
    diag(sprintf($format, @$_)) for @table;
}

1;
