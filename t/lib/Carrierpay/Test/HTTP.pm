package Carrierpay::Test::HTTP;

# A plain HTTP/1.1 client: one request a connection, every byte under the
# test's control. Sending and receiving are apart, so that several requests
# can be in flight and a client can leave in between.

use strict;
use warnings;

use Carrierpay::Test::Wait qw($PATIENCE);
use Exporter qw(import);
use IO::Socket::INET;
use IO::Socket::SSL;
use JSON::PP ();
use Time::HiRes qw(time alarm);

our @EXPORT_OK = qw(http http_send http_receive form_fields urlencode);

# http(GET => $url, headers => ['Name: value', ...], body => $text,
#      from => $local_address, ca => $file, timeout => $seconds, raw => $bytes)
# where raw takes the place of all that would be sent; returns {status,
# headers, header, body, json, from, seconds}; status is 0 when no whole answer
# came; seconds are those from the request to the answer's end.

sub http {
    my ($method, $url, %option) = @_;

    return http_receive(http_send($method, $url, %option));
}

sub http_send {
    my ($method, $url, %option) = @_;
    my ($scheme, $host, $port, $path) =
        $url =~ m{^(https?)://([^/:]+)(?::(\d+))?(/.*)?$}
        or die "not a URL: $url\n";

    $port //= $scheme eq 'https' ? 443 : 80;

    my $from = $option{from} // '127.0.0.1';
    my $socket = IO::Socket::INET->new(
        PeerAddr => $host, PeerPort => $port, Timeout => $PATIENCE,
        LocalAddr => $from) or die "$url: $!\n";

    IO::Socket::SSL->start_SSL($socket, SSL_hostname => 'localhost',
        SSL_ca_file => $option{ca}, SSL_verifycn_scheme => 'http',
        SSL_verifycn_name => $host)
        or die "$url: $SSL_ERROR\n" if $scheme eq 'https';

    my $body = $option{body};
    my @lines = ("$method " . ($path // '/') . ' HTTP/1.1',
                 "Host: $host:$port", 'Connection: close',
                 'User-Agent: ' . ($option{agent} // 'carrierpay-test'),
                 @{ $option{headers} // [] });

    push(@lines, 'Content-Length: ' . length($body)) if defined($body);

    my $start = time();

    local $SIG{PIPE} = 'IGNORE';
    $socket->print($option{raw} // join("\r\n", @lines, '', $body // ''));
    $socket->flush();

    return { socket => $socket, start => $start, method => $method,
             from => $from, timeout => $option{timeout} // $PATIENCE };
}

sub http_receive {
    my ($sent) = @_;
    my $text = '';

    eval {
        local $SIG{ALRM} = sub { die "timeout\n" };
        alarm($sent->{timeout});
        1 while $sent->{socket}->sysread($text, 65536, length($text));
        alarm(0);
    };

    alarm(0);
    close($sent->{socket});

    my $answer = parse($text, $sent->{method});
    $answer->{from} = $sent->{from};
    $answer->{seconds} = time() - $sent->{start};

    return $answer;
}

sub parse {
    my ($text, $method) = @_;
    my ($head, $body) = split(/\r\n\r\n/, $text, 2);
    my %answer = (status => 0, headers => '', header => {}, body => '',
                  json => undef);

    return \%answer if !defined($body);

    my ($first, @lines) = split(/\r\n/, $head);

    for my $line (@lines) {
        my ($name, $value) = split(/:\s*/, $line, 2);
        $answer{header}{lc($name)} = $value;
    }

    $body = dechunk($body)
        if ($answer{header}{'transfer-encoding'} // '') eq 'chunked';

    my $length = $answer{header}{'content-length'};

    return \%answer if !defined($body) || defined($length)
        && $method ne 'HEAD' && length($body) != $length;

    $answer{headers} = $head;
    $answer{body} = $body;
    ($answer{status}) = $first =~ m{^HTTP/1\.1 (\d+)};
    $answer{json} = eval { JSON::PP->new->utf8->decode($body) };

    return \%answer;
}

sub dechunk {
    my ($text) = @_;
    my $body = '';

    while ($text =~ s/^([0-9a-fA-F]+)\r\n//) {
        my $size = hex($1);

        return $body if $size == 0;

        $body .= substr($text, 0, $size + 2, '');
        substr($body, -2) = '';
    }

    return undef;
}

# Action and fields of the one form of a page.

sub form_fields {
    my ($page) = @_;
    my ($attributes, $inside) = $page =~ m{<form\b([^>]*)>(.*?)</form>}s
        or return;
    my ($action) = $attributes =~ /\baction="([^"]*)"/;
    my %field;

    while ($inside =~ /<input\b([^>]*)>/g) {
        my $input = $1;
        my ($name) = $input =~ /\bname="([^"]*)"/ or next;
        ($field{$name}) = $input =~ /\bvalue="([^"]*)"/;
    }

    return ($action, %field);
}

sub urlencode {
    my (%field) = @_;

    return join('&', map {
        my $value = $field{$_} // '';
        $value =~ s/([^A-Za-z0-9._~-])/sprintf('%%%02X', ord($1))/ge;
        "$_=$value"
    } sort(keys(%field)));
}

1;
