package Carrierpay::Test::Process;

# nginx's processes: its start and end, workers that are killed or replaced,
# and whether all of them have reached what they need. Methods of
# Carrierpay::Test.

use strict;
use warnings;

use Carrierpay::Test::Services qw(command read_file service write_file);
use Exporter qw(import);
use Time::HiRes qw(time);

our @EXPORT_OK = qw(children living);

my $NGINX = $ENV{CARRIERPAY_NGINX} // '/usr/sbin/nginx';
my $WORKERS = 2;

# Starts the nginx of a folder below the test's own.

sub launch_nginx {
    my ($self, $dir) = @_;

    local $ENV{PRELOAD} = $self->sanitizers();
    local $ENV{ASAN_OPTIONS} = "detect_leaks=0:abort_on_error=1:"
                               . "log_path=$self->{dir}/sanitizer";
    local $ENV{UBSAN_OPTIONS} = "print_stacktrace=1:"
                                . "log_path=$self->{dir}/sanitizer";

    service('start_nginx', $dir);
}

sub start_nginx {
    my ($self) = @_;

    $self->{since} = time();
    $self->launch_nginx($self->{dir});
    $self->wait_until_ready();
}

sub stop_nginx { service('stop_nginx', $_[0]{dir}) }

# A second node: another nginx with these ports, the same backends, and the
# same secrets. Returns its folder. It ends with the test, if not before.

sub start_node {
    my ($self, $plain, $tls) = @_;
    my $node = $self->{node} = "$self->{root}/node2";
    my $conf = $self->configuration();

    $conf =~ s/\Q$self->{dir}\E/$node/g;
    $conf =~ s/\b$self->{port}{plain}\b/$plain/g;
    $conf =~ s/\b$self->{port}{tls}\b/$tls/g;
    $conf =~ s{^load_module .*?;}{load_module $self->{dir}/module.so;}m;

    service('folder', $node);
    write_file("$node/nginx.conf", $conf);

    $self->launch_nginx($node);

    # its four connections to PostgreSQL and two to Redis are there

    $self->wait_for(sub { $self->sessions() >= 8 && $self->clients() >= 5 },
                    'both nodes have reached PostgreSQL and Redis');

    return $node;
}

# The sandbox, operator and SMS gateway, is an nginx of its own: it is there
# before the edge's first worker and after the last one.

sub start_sandbox { $_[0]->launch_nginx("$_[0]{root}/sandbox") }
sub stop_sandbox { service('stop_nginx', "$_[0]{root}/sandbox") }

# Every worker has reached its backends: it has two connections to PostgreSQL
# and one to Redis, where redis-cli has another, and a number, without which it
# writes nothing. The health of one worker says nothing of the other. What
# workers that were killed or replaced had may be there still; it does not
# count.

sub is_ready {
    my ($self) = @_;
    my $health = eval { $self->get($self->url('tls', '/healthz')) } // {};

    return $self->sessions("and state = 'idle' and query <> ''")
               >= 2 * $WORKERS
           && $self->numbers() >= $WORKERS
           && $self->clients() >= $WORKERS + 1
           && ($health->{status} // 0) == 200;
}

sub wait_until_ready {
    my ($self) = @_;

    return $self->wait_for(sub { $self->is_ready() },
                           'both workers have reached PostgreSQL and Redis');
}

# Connections of nginx to PostgreSQL, and all to Redis; 0 when it is away.

sub sessions {
    my ($self, $condition) = @_;

    return eval { $self->value('select count(*) from pg_stat_activity'
        . " where usename = 'carrierpay' and backend_start > to_timestamp(?) "
        . ($condition // ''), $self->{since}) } // 0;
}

# Numbers that workers have taken, for a minute each.

sub numbers {
    my ($self) = @_;

    return eval { $self->value('select count(*) from carrierpay.worker_lease'
        . ' where until >= ? and ended_at is null',
        int(($self->{since} + 60) * 1000)) } // 0;
}

sub clients {
    my ($self) = @_;
    my $text = eval { $self->redis(qw(info clients)) } // '';

    return $text =~ /^connected_clients:(\d+)/m ? $1 : 0;
}

# Kills the workers and waits for those that replace them.

sub kill_workers {
    my ($self) = @_;
    my @old = $self->workers();

    $self->expect(qr/worker process \d+ exited on signal 9/);
    $self->{since} = time();
    kill('KILL', @old);
    $self->wait_for_workers(@old);

    return $self->wait_until_ready();
}

# Kills the master with its workers, for an nginx whose workers die one after
# the other. The master has to be stopped before its workers are looked for:
# it could start another one in between.

sub kill_nginx {
    my ($self) = @_;
    my $master = $self->master();

    kill('STOP', $master);
    $self->wait_for(sub { process_state($master) =~ /[TZ]/ },
                    'the master stops');

    my @processes = ($master, children($master));

    kill('KILL', @processes);
    $self->wait_for(sub { !living(@processes) },
                    'the master and its workers have ended');
}

# Workers of a new configuration, ready, and the end of the old ones.

sub reload {
    my ($self) = @_;
    my @old = $self->workers();

    $self->{since} = time();
    service('reload_nginx', $self->{dir});

    return $self->wait_for_workers(@old) && $self->wait_until_ready();
}

sub wait_for_workers {
    my ($self, @old) = @_;
    my %old = map { $_ => 1 } @old;

    return $self->wait_for(sub {
        my @now = $self->workers();
        return @now == $WORKERS && !living(@old) && !grep { $old{$_} } @now;
    }, 'new workers are there, and the old ones have ended');
}

# Pids: the master, and the workers that take new connections.

sub master {
    my ($self) = @_;
    my ($pid) = read_file("$self->{dir}/nginx.started") =~ /^(\d+)/;

    return $pid;
}

sub workers {
    my ($self) = @_;

    return grep {
        my $name = eval { read_file("/proc/$_/cmdline") } // '';
        $name =~ /worker process/ && $name !~ /shutting down/;
    } children($self->master());
}

# Those that have ended while the master is stopped, and has not said so.

sub dead_workers {
    my ($self) = @_;

    return grep { process_state($_) eq 'Z' } children($self->master());
}

sub children {
    my ($pid) = @_;

    return split(' ', eval { read_file("/proc/$pid/task/$pid/children") }
                      // '');
}

# Those that still run. A zombie has ended; only its parent has not asked yet.

sub living { return grep { process_state($_) =~ /[^Z]/ } @_ }

sub process_state {
    my ($pid) = @_;
    my $stat = eval { read_file("/proc/$pid/stat") } // '';

    return $stat =~ /.*\) (\S)/s ? $1 : '';
}

# What nginx -t says of a configuration, and at which line.

sub check_configuration {
    my ($self, $text) = @_;
    my $file = "$self->{dir}/check.conf";
    my $command = "$NGINX -t -c $file -e stderr -g 'pid $file.pid;' 2>&1";

    write_file($file, $text);
    local $ENV{LD_PRELOAD} = $self->sanitizers();
    local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';

    my $said = `$command`;

    die $said if $said =~ /runtime error:|Sanitizer:/;

    return $said;
}

# The number of the line of a position in a text, or of words in it.

sub line_of {
    my ($self, $text, $where) = @_;
    my $at = $where =~ /^\d+$/ ? $where : index($text, $where);

    die "no line with $where\n" if $at < 0;

    return 1 + (substr($text, 0, $at) =~ tr/\n//);
}

# Libraries that a sanitized module needs under Debian's own nginx.

sub sanitizers {
    return '' if Carrierpay::Test::module() !~ /sanitize/;
    return join(' ', map { command('gcc', "-print-file-name=$_") =~ s/\s//gr }
                     qw(libasan.so libubsan.so));
}

1;
