#!/usr/bin/perl

# The machine's clock jumps a day ahead and back: identifiers follow it without
# a restart, and none is made twice. A page that was shown before the clock was
# set back can be paid.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command write_file);
use File::Temp qw(tempdir);
use Test::More;

my $DAY = 86400;
my $EPOCH = 1735689600;             # of identifiers

# nginx with a clock that is ahead by what a file says.

my $dir = tempdir('carrierpay-clock-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);

{
    package Faked;

    our @ISA = ('Carrierpay::Test');

    sub sanitizers { return join(' ', $_[0]->SUPER::sanitizers(),
                                 "$dir/clock.so") }
}

command('gcc', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o',
        "$dir/clock.so", "$FindBin::Bin/lib/clock.c");
chmod(0755, $dir);
write_file("$dir/clock", pack('q', 0));

local $ENV{CLOCK_FILE} = "$dir/clock";

my $t = Faked->start(confirm_after => '5s');

# The processes have the file in their memory, so it stays the same one.

sub set_clock {
    open(my $clock, '+<:raw', "$dir/clock") or die "the clock: $!\n";
    syswrite($clock, pack('q', $_[0]));
    close($clock);
}

# By how much the identifiers of new payments are ahead of this test's clock,
# in seconds; none of them was there before. Both workers are asked.

sub ahead {
    my @ahead = map {
        my $answer = $t->api(POST => '/v1/payments', $t->order());
        my $id = $answer->{json}{id} // '';

        $answer->{status} == 201
            ? (Carrierpay::Test::private_id($id) >> 22) / 1000
              + $EPOCH - time() : ();
    } 1 .. 20;
    my ($low, $high) = (sort { $a <=> $b } @ahead)[0, -1];

    return ($low // 'none', $high // 'none');
}

sub follows {
    my ($seconds, $name) = @_;

    $t->wait_ok(sub {
        my ($low, $high) = ahead();

        return $low ne 'none' && $low > $seconds - 60 && $high < $seconds + 60;
    }, "$name: identifiers follow the clock");
}

my @workers = $t->workers();

follows(0, 'at first');
set_clock($DAY);
follows($DAY, 'a day ahead');
set_clock(0);
follows(0, 'a day back');

is(join(' ', $t->workers()), join(' ', @workers), 'no worker was replaced');

my $steps = $t->metric('carrierpay_clock_steps_total');
my $lines = () = $t->error_log() =~ /the clock has been set back/g;

is($steps, 2, 'each worker counts the step');
is($lines, 2, 'each worker logs the step once');

# The connections are lost at the same time.

set_clock($DAY);
follows($DAY, 'a day ahead again');
set_clock(0);
$t->sql('select pg_terminate_backend(pid) from pg_stat_activity'
        . " where usename = 'carrierpay'");
follows(0, 'a day back, with other connections');
is(join(' ', $t->workers()), join(' ', @workers), 'no worker was replaced');

my ($twice) = $t->sql('select count(*) - count(distinct id)'
                      . ' from carrierpay.payment');

is($twice->[0], 0, 'no identifier is made twice');

# Pages.

set_clock(3600);
follows(3600, 'an hour ahead');

my $payment = $t->create();
my $page = $t->checkout($payment);

set_clock(0);
follows(0, 'an hour back');
like($t->tap($page)->{body}, qr/data-state="succeeded"/,
     'a page that was shown before the clock was set back can be paid');

$payment = $t->create();
unlike($t->tap($t->checkout($payment))->{body}, qr/data-state="succeeded"/,
       'a tap at once is still too early');
