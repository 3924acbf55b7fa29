package Carrierpay::Test::Kannel;

# A private Kannel, configured as conf/kannel.conf.example says, in a folder
# and on ports of its own; and the handsets behind its fake SMSC.
#
#     plan skip_all => 'no kannel' if !Carrierpay::Test::Kannel->available();
#     my $kannel = Carrierpay::Test::Kannel->start(
#         callback => 'http://127.0.0.1:8080/callback/kannel/');
#     ... send to $kannel->url() with username() and password() ...
#     my $sms = $kannel->message(qr/code/);       # {from, to, text, parts}
#     $kannel->mo('33600000001', '38888', 'STOP');
#
# A fake SMSC writes a line for each part of a message to its one client, us,
# and takes lines from it that a phone has sent. It reports a message as
# delivered as soon as it has written it.
#
# It ends with stop(), or with the test: after the claims at a file's end, of
# which some read nginx's configuration again, and with it password_file().

use strict;
use warnings;

use Carrierpay::Test::Services qw(read_file write_file root reserve_ports
                                  service);
use Carrierpay::Test::Wait qw(keep_logs_of wait_until);
use Encode qw(decode encode);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use POSIX ();

my $BEARERBOX = '/usr/sbin/bearerbox';
my $SMSBOX = '/usr/sbin/smsbox';

my @kept;                          # until all END blocks have run

# sender, receiver and type of a line
my $HEAD = qr/[^\n]*? \+?\d+ (?:text|ucs-2|data|udh) /;

sub available { return -x $BEARERBOX && -x $SMSBOX }

# start(callback => the location of carrierpay_callback for this provider)

sub start {
    my ($class, %option) = @_;
    my $dir = tempdir('kannel-XXXXXXXX', DIR => '/tmp');
    my ($lock, %port);

    keep_logs_of($dir);
    ($lock, @port{qw(admin smsbox smsc sendsms)}) = reserve_ports(4);

    my $self = bless {
        dir => $dir, lock => $lock, port => \%port, owner => $$,
        callback => $option{callback}, password => 'a secret of this test',
        pid => {}, lines => '', parts => [], messages => [],
    }, $class;

    mkdir("$dir/store") or die "$dir/store: $!\n";
    mkdir("$dir/dlr") or die "$dir/dlr: $!\n";
    write_file("$dir/kannel.conf", $self->configuration());
    write_file("$dir/password", "$self->{password}\n", 0600);
    chmod(0711, $dir);              # nginx may run as another user
    service('own', "$dir/password");

    push(@kept, $self);
    $self->run(bearerbox => $BEARERBOX);
    $self->attach();
    $self->start_smsbox();

    return $self;
}

# The example, with what differs here.

sub configuration {
    my ($self) = @_;
    my $text = read_file(root() . '/conf/kannel.conf.example');
    my $port = $self->{port};

    my @changes = (
        [qr/(?<=port = )13000/, $port->{admin}],
        [qr/(?<=port = )13001/, $port->{smsbox}],
        [qr/(?<=port = )13002/, $port->{smsc}],
        [qr/(?<=port = )13013/, $port->{sendsms}],
        [qr{/var/log/kannel}, $self->{dir}],
        [qr{/var/spool/kannel}, $self->{dir}],
        [qr/(?<=username = carrierpay\npassword = )\S+/, $self->{password}],
        [qr{http://[^?"]+/kannel/}, $self->{callback}],
        [qr/(?<=http-queue-delay = )\d+/, 1],
    );

    for my $change (@changes) {
        my ($from, $to) = @$change;
        $text =~ s/$from/$to/g or die "no $from in kannel.conf.example\n";
    }

    return $text;
}

sub url { return "http://127.0.0.1:$_[0]{port}{sendsms}/cgi-bin/sendsms" }
sub username { return 'carrierpay' }
sub password { return $_[0]{password} }
sub password_file { return "$_[0]{dir}/password" }

sub start_smsbox {
    my ($self) = @_;

    $self->run(smsbox => $SMSBOX);
    close(wait_until(sub { connect_to($self->{port}{sendsms}) },
                     'smsbox listens') // die "no smsbox\n");
}

sub stop_smsbox { $_[0]->end('smsbox') }

# The link between Kannel and its SMSC: without it messages are queued.

sub attach {
    my ($self) = @_;

    $self->{smsc} = wait_until(sub { connect_to($self->{port}{smsc}) },
                               'bearerbox listens') // die "no bearerbox\n";
    $self->{smsc}->autoflush(1);
    wait_until(sub { $self->status() =~ /demo\S*\s[^\n]*online/ },
               'the SMSC is online');
}

sub detach {
    my ($self) = @_;

    $self->read_lines();
    close(delete($self->{smsc}));
    wait_until(sub { $self->status() !~ /demo\S*\s[^\n]*online/ },
               'the SMSC is not online any more');
}

# What bearerbox says of itself.

sub status {
    my ($self) = @_;
    my $socket = connect_to($self->{port}{admin}) // return '';

    local $SIG{PIPE} = 'IGNORE';
    $socket->print("GET /status.txt HTTP/1.0\r\n\r\n");
    local $/;

    return <$socket> // '';
}

# A phone sends an SMS. The text is one line.

sub mo {
    my ($self, $from, $to, $text) = @_;

    $self->{smsc}->print("$from $to text $text\n") or die "mo: $!\n";
}

# The messages of phones so far, in order: [{from, to, text, parts}].

sub messages {
    my ($self) = @_;

    $self->read_lines();

    return @{ $self->{messages} };
}

# The first one that matches and was not returned before; undef: none came.

sub message {
    my ($self, $pattern) = @_;

    return wait_until(sub {
        my ($found) = grep { !$_->{seen} && $_->{text} =~ $pattern }
                      $self->messages();
        $found->{seen} = 1 if $found;
        return $found;
    }, "an SMS like $pattern");
}

sub read_lines {
    my ($self) = @_;
    my $select = IO::Select->new($self->{smsc});

    while ($select->can_read(0)) {
        sysread($self->{smsc}, $self->{lines}, 65536, length($self->{lines}))
            or last;
    }

    # a text may have lines of its own: one ends where the next begins, or
    # when nothing follows

    while ($self->{lines} =~ s/^($HEAD.*?)\n(?=\z|$HEAD)//s) {
        $self->take($1);
    }
}

sub take {
    my ($self, $line) = @_;
    my ($from, $to, $type, $rest) =
        $line =~ /^([^\n]*?) (\+?\d+) (text|ucs-2|data|udh) (.*)$/s;

    if ($type ne 'udh') {
        push(@{ $self->{messages} }, { from => $from, to => $to, parts => 1,
            text => $type eq 'text' ? $rest : text_of(unescape($rest)) });
        return;
    }

    my ($udh, $part) = $rest =~ /^(\S+) (?:text|ucs-2|data) (.*)$/s;
    my ($reference, $parts, $number) = unpack('x3 C C C', unescape($udh));
    my $known = $self->{parts}[$reference] //= {};

    $known->{$number} = unescape($part);
    return if keys(%$known) < $parts;

    push(@{ $self->{messages} }, { from => $from, to => $to, parts => $parts,
        text => text_of(join('', map { $known->{$_} } 1 .. $parts)) });
    delete($self->{parts}[$reference]);
}

sub unescape {
    my ($text) = @_;

    $text =~ tr/+/ /;
    $text =~ s/%([0-9A-Fa-f]{2})/chr(hex($1))/ge;

    return $text;
}

# UCS-2 has a zero byte in every text of ours; the result is UTF-8.

sub text_of {
    my ($bytes) = @_;

    return $bytes =~ /\0/ ? encode('UTF-8', decode('UTF-16BE', $bytes))
                          : $bytes;
}

# Processes: ours alone, and ended by their ids.

sub run {
    my ($self, $name, @command) = @_;
    my $pid = fork() // die "fork: $!\n";

    if ($pid == 0) {
        open(STDIN, '<', '/dev/null');
        open(STDOUT, '>', "$self->{dir}/$name.out");
        open(STDERR, '>&', \*STDOUT);
        exec(@command, "$self->{dir}/kannel.conf") or POSIX::_exit(1);
    }

    $self->{pid}{$name} = $pid;
}

sub end {
    my ($self, $name) = @_;
    my $pid = delete($self->{pid}{$name}) // return;

    for my $signal ('INT', 'KILL') {
        kill($signal, $pid);

        return if wait_until(sub { waitpid($pid, POSIX::WNOHANG()) },
                             "the end of $name after SIG$signal");
    }
}

sub stop {
    my ($self) = @_;

    $self->end('smsbox');
    close(delete($self->{smsc})) if $self->{smsc};
    $self->end('bearerbox');
    remove_tree($self->{dir});
}

sub connect_to {
    my ($port) = @_;

    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
}

sub DESTROY {
    my ($self) = @_;

    local ($@, $?, $!);
    $self->stop() if $self->{owner} == $$ && %{ $self->{pid} };
}

1;
