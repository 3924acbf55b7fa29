package Carrierpay::Test::Pipeline;

# Many small requests on one connection, without TLS: pipelined in HTTP/1.1,
# or as streams of HTTP/2 (prior knowledge, no compression). For tests that
# ask one location thousands of times.

use strict;
use warnings;

use Carrierpay::Test::Wait qw($PATIENCE);
use Exporter qw(import);
use IO::Socket::INET;

our @EXPORT_OK = qw(pipeline);

my %TYPE = (data => 0, headers => 1, settings => 4);
my %FLAG = (end_stream => 1, ack => 1, end_headers => 4);

# pipeline(to => "127.0.0.1:80", from => $address, http2 => $flag,
#          first => $bytes, path => $path, requests => [[[name, value], ...]])
# returns the bodies of the answers, in the order of the requests; undef where
# none came.

sub pipeline {
    my (%option) = @_;
    my $socket = IO::Socket::INET->new(
        PeerAddr => $option{to}, LocalAddr => $option{from},
        Timeout => $PATIENCE)
        or die "$option{to}: $!\n";

    local $SIG{PIPE} = 'IGNORE';
    local $SIG{ALRM} = sub { die "no answers from $option{to}\n" };
    alarm($PATIENCE);

    my @bodies = $option{http2} ? streams($socket, %option)
                                : lines($socket, %option);
    alarm(0);
    close($socket);

    return @bodies;
}

sub lines {
    my ($socket, %option) = @_;
    my @requests = @{ $option{requests} };
    my $text = '';

    send_all($socket, join('', $option{first} // '', map {
        "GET $option{path} HTTP/1.1\r\nHost: $option{to}\r\n"
        . join('', map { "$_->[0]: $_->[1]\r\n" } @$_) . "\r\n"
    } @requests));

    return map { line_answer($socket, \$text) } @requests;
}

sub line_answer {
    my ($socket, $text) = @_;

    while (index($$text, "\r\n\r\n") < 0) {
        read_more($socket, $text) or return undef;
    }

    my $head = substr($$text, 0, index($$text, "\r\n\r\n") + 4, '');
    my $length = $head =~ /^content-length: (\d+)/mi ? $1 : 0;

    while (length($$text) < $length) {
        read_more($socket, $text) or return undef;
    }

    return substr($$text, 0, $length, '');
}

sub streams {
    my ($socket, %option) = @_;
    my @requests = @{ $option{requests} };
    my (%body, %done);
    my $text = '';
    my $id = -1;

    send_all($socket, join('', $option{first} // '',
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frame('settings', 0, 0, ''),
        map { frame('headers', $FLAG{end_stream} | $FLAG{end_headers},
                    $id += 2, block(\%option, @$_)) } @requests));

    while (keys(%done) < @requests) {
        my ($type, $flags, $stream, $payload) = read_frame($socket, \$text)
            or last;

        if ($type == $TYPE{settings} && !($flags & $FLAG{ack})) {
            send_all($socket, frame('settings', $FLAG{ack}, 0, ''));
        }

        if ($type == $TYPE{data}) {
            $body{$stream} .= $payload;
        }

        if (($type == $TYPE{data} || $type == $TYPE{headers})
            && $flags & $FLAG{end_stream})
        {
            $done{$stream} = 1;
        }
    }

    return map { $body{2 * $_ + 1} } 0 .. $#requests;
}

sub frame {
    my ($type, $flags, $stream, $payload) = @_;

    return substr(pack('N', length($payload)), 1)
           . pack('CCN', $TYPE{$type}, $flags, $stream) . $payload;
}

sub read_frame {
    my ($socket, $text) = @_;

    while (length($$text) < 9) {
        read_more($socket, $text) or return;
    }

    my $length = unpack('N', "\0" . substr($$text, 0, 3));
    my ($type, $flags, $stream) = unpack('CCN', substr($$text, 3, 6));

    while (length($$text) < 9 + $length) {
        read_more($socket, $text) or return;
    }

    my $payload = substr($$text, 9, $length);
    substr($$text, 0, 9 + $length) = '';

    return ($type, $flags, $stream, $payload);
}

# Literal fields without indexing, names and values as they are.

sub block {
    my ($option, @fields) = @_;

    return join('', map { "\0" . string(lc($_->[0])) . string($_->[1]) }
                [':method', 'GET'], [':scheme', 'http'],
                [':path', $option->{path}], [':authority', $option->{to}],
                @fields);
}

sub string {
    my ($text) = @_;
    my $length = length($text);

    return chr($length) . $text if $length < 127;

    my $bytes = chr(127);

    for ($length -= 127; $length >= 128; $length >>= 7) {
        $bytes .= chr($length & 127 | 128);
    }

    return $bytes . chr($length) . $text;
}

sub send_all {
    my ($socket, $bytes) = @_;

    $socket->print($bytes);
    $socket->flush();
}

sub read_more {
    my ($socket, $text) = @_;

    return sysread($socket, $$text, 65536, length($$text));
}

1;
