package Carrierpay::Test::Resolver;

# A name server on loopback that says what it is told: names of merchants'
# endpoints that lead into our own network, or change between two questions.
#
#     my $resolver = Carrierpay::Test::Resolver->start(
#         'inside.test' => ['10.0.0.1'],                 # always these
#         'rebind.test' => [['192.0.2.1'], ['10.0.0.1']] # in turn
#     );
#     ... "resolver 127.0.0.1:" . $resolver->port

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket qw(AF_INET AF_INET6 inet_pton);

# Ends with the process that started it, however that ends.

sub start {
    my ($class, %name) = @_;
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
                                       Proto => 'udp') or die "resolver: $!\n";

    pipe(my $lifeline, my $life) or die "pipe: $!\n";

    my $child = fork() // die "fork: $!\n";

    if ($child == 0) {
        close($life);
        eval { run($socket, $lifeline, \%name) };
        warn($@) if $@;
        POSIX::_exit(1);
    }

    return bless { socket => $socket, life => $life }, $class;
}

sub port { return $_[0]{socket}->sockport }

sub run {
    my ($socket, $lifeline, $name) = @_;
    my $select = IO::Select->new($socket, $lifeline);

    while (1) {
        for my $ready ($select->can_read()) {
            POSIX::_exit(0) if $ready == $lifeline;

            my $peer = recv($socket, my $question, 512, 0) // next;

            send($socket, answer($question, $name), 0, $peer);
        }
    }
}

# Header, the question as it came, and an answer a record: RFC 1035, 4.1.

sub answer {
    my ($question, $name) = @_;
    my ($id) = unpack('n', $question);
    my @labels = unpack('(C/a)*', substr($question, 12, -4));
    my ($type) = unpack('n', substr($question, -4, 2));
    my $host = lc(join('.', grep { length } @labels));
    my $known = $name->{$host};
    my @addresses = @{ $known // [] };

    if (ref($addresses[0])) {
        push(@$known, shift(@$known)) if $type == 1;
        @addresses = @{ $addresses[0] };
    }

    my @records = map {
        my $bytes = inet_pton(/:/ ? AF_INET6 : AF_INET, $_);
        my $record = length($bytes) == 4 ? 1 : 28;
        $record == $type ? pack('n n n N n/a', 0xc00c, $type, 1, 0, $bytes)
                         : ();
    } @addresses;

    return pack('n n n n n n', $id, $known ? 0x8180 : 0x8183, 1,
                scalar(@records), 0, 0)
           . substr($question, 12) . join('', @records);
}

1;
