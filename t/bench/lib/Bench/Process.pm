package Bench::Process;

# Commands, services that run beside us, and what they cost.

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::INET;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(command start wait_for finish cpu_seconds rss_mb
                    free_port write_file read_file);

my $TICKS = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# The standard output of a command; dies when the command fails.

sub command {
    my @command = @_;

    open(my $pipe, '-|', @command) or die "$command[0]: $!\n";
    my $output = do { local $/; <$pipe> } // '';
    close($pipe)
        or die "bench: \"@command\" failed" . ($! ? ": $!" : '') . "\n$output";

    return $output;
}

# Starts a command in the background, its output in a file; returns the pid.

sub start {
    my ($log, @command) = @_;

    unlink($log);

    my $pid = fork() // die "fork: $!\n";

    return $pid if $pid;

    # a child that cannot start must not run the parent's way out

    if (open(STDIN, '<', '/dev/null') && open(STDOUT, '>', $log)
        && open(STDERR, '>&', \*STDOUT))
    {
        { exec(@command) };
        print "$command[0]: $!\n";
    }

    POSIX::_exit(127);
}

# Waits until a file holds a line that matches, while the process lives.

sub wait_for {
    my ($pid, $log, $pattern) = @_;
    my $end = time() + 20;

    while (time() < $end) {
        return if -e $log && read_file($log) =~ $pattern;

        last if waitpid($pid, WNOHANG) != 0;
        sleep(0.02);
    }

    finish($pid);
    die "bench: not started: " . read_file($log) . "\n";
}

sub finish {
    my ($pid) = @_;

    return if !kill('TERM', $pid);

    for (1 .. 500) {
        return if waitpid($pid, WNOHANG) != 0;
        sleep(0.02);
    }

    kill('KILL', $pid);
    waitpid($pid, 0);
}

# CPU seconds of a process and of all that descend from it, past ones too.

sub cpu_seconds {
    my ($root) = @_;
    my (%parent, %ticks);

    for my $stat (glob('/proc/[0-9]*/stat')) {
        my $text = eval { read_file($stat) } // next;
        my ($pid, $rest) = $text =~ /^(\d+) \(.*\) (.*)/s or next;
        my @field = split(/ /, $rest);

        $parent{$pid} = $field[1];
        $ticks{$pid} = $field[11] + $field[12] + $field[13] + $field[14];
    }

    my $sum = 0;

    for my $pid (keys %parent) {
        my $up = $pid;

        $up = $parent{$up} while $up && $up != $root && $parent{$up};
        $sum += $ticks{$pid} if $up && $up == $root;
    }

    return $sum / $TICKS;
}

# The largest resident size, in MB, among the children of a process.

sub rss_mb {
    my ($parent) = @_;
    my $largest = 0;

    for my $status (glob('/proc/[0-9]*/status')) {
        my $text = eval { read_file($status) } // next;

        next if $text !~ /^PPid:\t\Q$parent\E$/m;

        $largest = $1 if $text =~ /^VmRSS:\s+(\d+) kB/m && $1 > $largest;
    }

    return $largest / 1024;
}

sub free_port {
    my $socket = IO::Socket::INET->new(
        Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0)
        or die "no free port: $!\n";

    return $socket->sockport();
}

sub write_file {
    my ($name, $text) = @_;

    open(my $file, '>', $name) or die "$name: $!\n";
    print {$file} $text;
    close($file) or die "$name: $!\n";
}

sub read_file {
    my ($name) = @_;

    open(my $file, '<', $name) or die "$name: $!\n";
    local $/;

    return scalar(<$file>) // '';
}

1;
