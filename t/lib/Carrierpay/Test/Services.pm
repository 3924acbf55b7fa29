package Carrierpay::Test::Services;

# The folder, ports and services of one test file: PostgreSQL with the schema
# deployed and the demo merchant seeded, Redis, the webhook receiver, and the
# gateway when asked for.

use strict;
use warnings;

use Carrierpay::Test::Wait qw(ends_of_logs);
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use Exporter qw(import);
use Fcntl qw(:flock);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);

our @EXPORT_OK = qw(command read_file write_file root service from_template
                    reserve_ports);

my $ROOT = abs_path(dirname(__FILE__) . '/../../../..');

sub root { return $ROOT }

# The output of a command; dies when it fails.

sub command {
    my (@command) = @_;

    open(my $pipe, '-|', @command) or die "$command[0]: $!\n";
    my $output = do { local $/; <$pipe> } // '';
    close($pipe) or die "\"@command\" failed" . ($! ? ": $!" : '') . "\n";

    return $output;
}

# A function of the demo's services. When it fails the logs say why.

sub service {
    my ($function, @arguments) = @_;

    return eval {
        command('bash', "$ROOT/conf/demo/services.sh", $function, @arguments)
    } // die $@ . ends_of_logs();
}

sub read_file {
    my ($name) = @_;

    open(my $file, '<', $name) or die "$name: $!\n";
    local $/;

    return scalar(<$file>) // '';
}

# A process that reads the file meanwhile sees all of the old text, or of the
# new one. A file with a secret has the mode 0600.

sub write_file {
    my ($name, $text, $mode) = @_;

    open(my $file, '>', "$name.new") or die "$name: $!\n";
    print {$file} $text;
    close($file) or die "$name: $!\n";
    chmod($mode, "$name.new") if defined($mode);
    rename("$name.new", $name) or die "$name: $!\n";
}

# Fills $into from a template: a stopped PostgreSQL with schema and merchant,
# its keyring and certificate, made once for a state of the sources.

sub from_template {
    my ($into) = @_;
    my $base = service('workspace', $ROOT) =~ s/\s+$//r . '/test';
    my $dir = "$base/" . sources_digest();

    service('folder', $base, '711');
    open(my $lock, '>', "$base/lock") or die "$base/lock: $!\n";
    flock($lock, LOCK_EX) or die "$base/lock: $!\n";

    if (!-d $dir) {
        remove_tree(grep { -d } glob("$base/*"));
        make_template("$dir.new");
        rename("$dir.new", $dir) or die "$dir: $!\n";
    }

    command('cp', '-a', "$dir/.", $into);
}

sub make_template {
    my ($dir) = @_;

    service('folder', $dir, '711');
    service('start_postgres', "$dir/postgres", 'fsync=off');
    my $made = eval { command("$ROOT/conf/demo/seed", $dir); 1 };
    my $why = $@;
    service('stop_postgres', "$dir/postgres");
    die $why if !$made;
}

sub sources_digest {
    my @files = sort(grep { -f }
        glob("$ROOT/sql/*.plan $ROOT/sql/deploy/* $ROOT/conf/carrierpay-admin"
             . " $ROOT/conf/lib/*/*.pm $ROOT/conf/lib/*/*/*.pm"
             . " $ROOT/conf/demo/{seed,services.sh,postgresql.conf}"));

    return substr(sha256_hex(map { read_file($_) } @files), 0, 16);
}

# Ports on loopback that no other test holds. The lock is an abstract unix
# socket: known wherever the ports are, and gone with this process.

sub reserve_ports {
    my ($count) = @_;

    for my $slot (0 .. 199) {
        my $name = pack_sockaddr_un("\0carrierpay-test-ports-$slot");
        my @ports = map { 21000 + 10 * $slot + $_ } 0 .. $count - 1;

        socket(my $lock, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";

        return ($lock, @ports) if bind($lock, $name)
                                  && !grep { !is_free($_) } @ports;
    }

    die "no free ports\n";
}

sub is_free {
    my ($port) = @_;

    return defined(IO::Socket::INET->new(
        Listen => 1, ReuseAddr => 1, LocalAddr => '127.0.0.1',
        LocalPort => $port));
}

1;
