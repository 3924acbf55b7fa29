package Carrierpay::Test::Smtp;

# A mail server on loopback, with faults: t/lib/smtp-server, where the modes
# are told.
#
#     my $smtp = Carrierpay::Test::Smtp->start(tls => 'starttls',
#                                              user => 'pay', password => 'x');
#     ... 'carrierpay_smtp ' . $smtp->parameters() . ';' in nginx's http{}
#     $smtp->mode('greylist');
#     ... $smtp->mails()
#
# tls is off (the default), starttls or tls; host (localhost) is what its
# certificate is for. stop() and start_again() take it away and bring it back
# on its port. It ends with the process that started it, however that ends.

use strict;
use warnings;

use Carrierpay::Test::Services qw(read_file reserve_ports root service
                                  write_file);
use Carrierpay::Test::Wait qw(keep_logs_of);
use File::Temp qw(tempdir);
use IO::Socket::SSL::Utils qw(CERT_create PEM_cert2file PEM_key2file);
use JSON::PP ();
use POSIX ();

my %LIFE;          # by pid: a file's own variables are gone before its claims

sub start {
    my ($class, %option) = @_;
    my $dir = tempdir('smtp-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
    my ($lock, $port) = reserve_ports(1);
    my $self = bless { dir => $dir, port => $port, lock => $lock, tls => 'off',
                       host => 'localhost', %option }, $class;

    keep_logs_of($dir);
    chmod(0755, $dir);               # nginx's user reads the certificate
    mkdir("$dir/mails") or die "$dir/mails: $!\n";
    write_file("$dir/password", ($self->{password} // '') . "\n", 0600);
    service('own', "$dir/password");
    $self->mode('ok');
    $self->certify();
    $self->start_again();

    return $self;
}

sub certify {
    my ($self) = @_;
    my ($certificate, $key) = CERT_create(purpose => 'server', CA => 1,
        subject => { commonName => 'mail server of the tests' },
        subjectAltNames => [[DNS => $self->{host}]]);

    PEM_cert2file($certificate, $self->certificate());
    PEM_key2file($key, "$self->{dir}/key");
}

sub start_again {
    my ($self) = @_;

    pipe(my $lifeline, my $life) or die "pipe: $!\n";
    pipe(my $answer, my $said) or die "pipe: $!\n";

    my $child = fork() // die "fork: $!\n";

    if ($child == 0) {
        close($life);
        open(STDIN, '<&', $lifeline) and open(STDOUT, '>&', $said)
            and open(STDERR, '>>', "$self->{dir}/log")
            and exec(root() . '/t/lib/smtp-server', $self->{dir},
                     $self->{port}, $self->{tls}, $self->certificate(),
                     "$self->{dir}/key", $self->{user} // '',
                     $self->{password} // '');
        POSIX::_exit(1);
    }

    close($said);
    $LIFE{$child} = $life;
    $self->{pid} = $child;
    (<$answer> // '') =~ /^ready$/
        or die 'no mail server: ' . read_file("$self->{dir}/log");
}

# At once, whatever it is doing: as a machine that loses its power.

sub stop {
    my ($self) = @_;

    kill('KILL', $self->{pid});
    waitpid($self->{pid}, 0);
    delete($LIFE{$self->{pid}});
}

sub port { return $_[0]{port} }
sub certificate { return "$_[0]{dir}/crt" }
sub mode { return write_file("$_[0]{dir}/mode", "$_[1]\n") }
sub log { return read_file("$_[0]{dir}/log") }

# Of carrierpay_smtp, but for those that a test adds.

sub parameters {
    my ($self) = @_;
    my $text = "host=$self->{host} port=$self->{port} tls=$self->{tls}"
               . ' from=receipts@pay.example';

    $text .= ' ca=' . $self->certificate() if $self->{tls} ne 'off';
    $text .= " user=$self->{user} password_file=$self->{dir}/password"
        if defined($self->{user});

    return $text;
}

# What it has taken: {from, to => [], ehlo, tls, user, of_connection, text}.

sub mails {
    my ($self) = @_;

    return map { JSON::PP->new->decode(read_file($_)) }
           sort(glob("$self->{dir}/mails/*.json"));
}

sub count {
    my ($self) = @_;

    return scalar(my @files = glob("$self->{dir}/mails/*.json"));
}

sub forget {
    my ($self) = @_;

    unlink(glob("$self->{dir}/mails/*.json"));
}

1;
