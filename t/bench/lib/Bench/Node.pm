package Bench::Node;

# The rival in Node: its packages and its start.

use strict;
use warnings;

use Bench::Process qw(command start wait_for finish cpu_seconds read_file
                      write_file);
use Exporter qw(import);
use File::Copy qw(copy);
use JSON::PP qw(encode_json);

our @EXPORT_OK = qw(install_node node_service);

my $NODE = '20.20.2';       # when the machine has none, or an older one

sub version {
    my ($node) = @_;
    my $text = `"$node" --version 2>/dev/null` // '';

    return $text =~ /^v(\d+)/ ? $1 : 0;
}

# Installs what the lock file says; npm is asked only when that has changed.

sub install_node {
    my ($source, $dir) = @_;

    mkdir($dir);

    my $lock = "$source/package-lock.json";
    my $same = -e "$dir/node_modules/.package-lock.json"
        && -e "$dir/package-lock.json"
        && read_file($lock) eq read_file("$dir/package-lock.json");

    copy($_, $dir) for glob("$source/*.js");

    if (!$same) {
        print "installing the packages of the rival in Node\n";
        copy($_, $dir) for glob("$source/*.json");
        command('npm', 'ci', '--prefix', $dir, '--silent', '--no-audit',
                '--no-fund');
    }

    return 'node' if version('node') >= 20;

    my $own = "$dir/runtime/node_modules/node/bin/node";

    if (version($own) < 20) {
        print "installing Node $NODE\n";
        mkdir("$dir/runtime");
        command('npm', 'install', '--prefix', "$dir/runtime", '--silent',
                '--no-audit', '--no-fund', "node\@$NODE");
    }

    return $own;
}

# A service as measure_service() takes it.  %$how: shape, processes, pool (of
# connections, for each process).

sub node_service {
    my ($bench, $how) = @_;
    my $services = $bench->{services};
    my $dir = $services->dir('node');
    my $pid;

    my $start = sub {
        my ($database) = @_;

        write_file("$dir/conf.json", encode_json({
            port => $bench->{port},
            shape => $how->{shape}, sql => "$bench->{root}/t/bench/sql",
            processes => $how->{processes}, pool => $how->{pool},
            postgres => { host => $services->dir('postgres'),
                          user => 'rival', database => $database },
            operator => {
                origin => 'http://operator',
                socket => $services->dir('operator/operator.sock') },
            secrets => $bench->{secrets},
            certificate => $services->dir('bench.crt'),
            key => $services->dir('bench.key'),
        }));

        $ENV{NODE_ENV} = 'production';
        $pid = start("$dir/node.log", $bench->{node}, "$dir/server.js",
                     "$dir/conf.json");
        wait_for($pid, "$dir/node.log", qr/^ready$/m);
    };

    return {
        name => "Node, $how->{shape}",
        start => $start,
        stop => sub { finish($pid) if $pid; undef $pid },
        cpu => sub { cpu_seconds($pid) },
    };
}

1;
