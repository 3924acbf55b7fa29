package Bench::Services;

# PostgreSQL and two nginx, as the demo starts them: the edge, which is
# measured, and the operator, a sandbox that all variants charge at.

use strict;
use warnings;

use Bench::Process qw(command read_file write_file cpu_seconds rss_mb);

# root: the repository; run: the folder of all that is made here; delay_us:
# added to each WAL flush

sub new {
    my ($class, %self) = @_;

    return bless({ %self, started => {} }, $class);
}

sub dir {
    my ($self, $name) = @_;

    return "$self->{run}/$name";
}

sub service {
    my ($self, $function, @arguments) = @_;

    return command('bash', "$self->{root}/conf/demo/services.sh", $function,
                   @arguments);
}

sub pid {
    my ($self, $name) = @_;
    my $service = $self->{started}{$name};
    my ($pid) = split(' ', read_file($self->dir("$name/$service.started")));

    return $pid;
}

sub cpu {
    my ($self, $name) = @_;

    return cpu_seconds($self->pid($name));
}

# the largest of its workers

sub rss {
    my ($self, $name) = @_;

    return rss_mb($self->pid($name));
}

# The delay is preloaded where the server starts, and nowhere else.

sub start_postgres {
    my ($self) = @_;

    local $ENV{FLUSH_DELAY_US} = $self->{delay_us};
    local $ENV{LD_PRELOAD} = $self->dir('bin/flush_delay.so')
        if $self->{delay_us};

    $self->{started}{postgres} = 'postgres';
    $self->service('start_postgres', $self->dir('postgres'),
                   'max_connections=200', 'max_wal_size=8GB',
                   'shared_buffers=1GB');
}

sub start_redis {
    my ($self) = @_;

    $self->{started}{redis} = 'redis';
    $self->service('start_redis', $self->dir('redis'));
}

# An nginx from a template of ours, with empty logs.

sub start_nginx {
    my ($self, $name, %value) = @_;
    my $dir = $self->dir($name);
    my $conf = read_file("$self->{root}/t/bench/$name.conf");

    $value{run} = $self->{run};
    $conf =~ s/\@(\w+)\@/$value{$1} \/\/ die "no value for \@$1\@\n"/ge;

    mkdir($dir);
    unlink(glob("$dir/*.log"));
    write_file("$dir/nginx.conf", $conf);

    $self->{started}{$name} = 'nginx';
    $self->service('start_nginx', $dir);
}

sub stop {
    my ($self, $name) = @_;
    my $service = delete($self->{started}{$name}) // return;

    $self->service("stop_$service", $self->dir($name));
}

# nginx before what it uses

sub stop_all {
    my ($self) = @_;

    $self->stop($_) for qw(edge operator redis postgres);
}

# What a bench that was killed has left behind.

sub stop_leftovers {
    my ($self) = @_;

    $self->{started} = {
        edge => 'nginx', operator => 'nginx', redis => 'redis',
        postgres => 'postgres',
    };
    $self->stop_all();
}

1;
