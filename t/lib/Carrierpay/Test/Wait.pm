package Carrierpay::Test::Wait;

# Waiting for a condition. A test never waits for a time to pass: it asks for
# what it needs again and again, and gives up so late that a busy machine does
# not get there. When it gives up it says what it waited for, and shows the end
# of every log that may say why.

use strict;
use warnings;

use Exporter qw(import);
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(wait_until keep_logs_of ends_of_logs $PATIENCE);

our $PATIENCE = 60;                # seconds

my $LINES = 20;                    # of each log
my $BYTES = 8192;
my @folders;

# Calls the condition until it is true, and returns its value; undef after so
# many seconds. Called where the value is not used, it dies instead.

sub wait_until {
    my ($condition, $what, $seconds) = @_;
    my $start = time();

    $seconds //= $PATIENCE;

    while (1) {
        my $result = $condition->();

        return $result if $result;
        last if time() - $start > $seconds;
        sleep(0.05);
    }

    my $why = sprintf("waited %d s for: %s, at %s\n%s", time() - $start, $what,
                      place(), ends_of_logs());

    die $why if !defined(wantarray);
    diag($why);

    return undef;
}

# The line of the test, not one of the harness.

sub place {
    my $depth = 0;

    while (my ($package, $file, $line) = caller($depth++)) {
        return "$file line $line" if $package !~ /^Carrierpay::Test/;
    }

    return 'the end of the test';
}

# Logs in this folder and in those directly below it are shown.

sub keep_logs_of { push(@folders, @_) }

sub ends_of_logs {
    my @logs = map { glob("$_/{*/,}{*.log,*.out,log}"),
                     glob("$_/*/sanitizer*") } @folders;

    @logs = sort(grep { -s && !m{/initdb\.log$} } @logs);

    return join('', map { "--- the end of $_\n" . end_of($_) } @logs);
}

sub end_of {
    my ($name) = @_;

    open(my $file, '<', $name) or return "$!\n";
    seek($file, -$BYTES, 2);

    my @lines = <$file>;

    splice(@lines, 0, -$LINES) if @lines > $LINES;

    return join('', map { s/\n?\z/\n/r } @lines);
}

1;
