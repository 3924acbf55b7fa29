package Carrierpay::Admin::Forge;

# The check before a node goes live: can a client at this place name another
# line? Every header that is known to carry a number is sent to the plain
# listener, directly or through a proxy, and through a tunnel that the proxy
# opens. The listener's carrierpay_self_test says what became of it.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail rows);
use Carrierpay::Admin::Keyring qw(digits);
use Exporter qw(import);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP ();

our @EXPORT_OK = qw(check_forge);

my $TIMEOUT = 10;                      # s, of each request

# As the identity module knows them.

our @HEADERS = qw(msisdn x-msisdn xmsisdn pimmsisdn x-up-calling-line-id
    x-nokia-msisdn x-h3g-msisdn x-wap-msisdn x-wap-network-client-msisdn
    x-fh-msisdn x-ht-msisdn x-hts-clid x-wte-msisdn x-drutt-portal-user-msisdn
    x-mdn mdn vzv-msisdn x-du-msisdn nbg-imp-msisdn -rapmin tm-user-id
    calling-station-id x-forwarded-msisdn x-wsb-identity x-wap-clientid
    x-network-info x-acr x-vf-acr x-nokia-alias x-up-subno
    x-up-vodacomgw-subid x-uidh x-piper-id deviceid x-imsi x-nokia-imsi);

our $COOKIE = 'user-identity-forward-msisdn';

# The header was read as a gateway's own: only its value was not one.

my %looked_at = map { $_ => 1 } qw(malformed no_agent);

sub check_forge {
    my ($url) = @_;
    my ($host, $port, $path) =
        $url =~ m{^http://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d+))?(/\S*)$}i
        or fail("\"$url\" is not http://HOST[:PORT]/PATH of a"
                . ' carrierpay_self_test');
    my $line = digits(scalar(<STDIN>) // '');
    my $to = { host => $host, port => $port // 80, path => $path };
    my @found = try_headers($url, $line);

    push @found, try_tunnel($to, $line) if defined $option{proxy};

    my @believed = grep { $_->[3] } @found;

    rows([qw(way header answer believed)],
         map { [@$_[0 .. 2], $_->[3] ? \1 : \0] } @found);

    fail(scalar(@believed) . ' of ' . scalar(@found) . ' headers were'
         . ' believed: a client at this place can pay as any line')
        if @believed;

    print 'None of ', scalar(@found), " headers was believed.\n"
        if !$option{json};

    return 0;
}

sub try_headers {
    my ($url, $line) = @_;
    my $way = defined $option{proxy} ? 'proxy' : 'direct';
    my $http = HTTP::Tiny->new(timeout => $TIMEOUT, max_redirect => 0,
        agent => 'carrierpay-admin', http_proxy => $option{proxy},
        local_address => $option{bind});
    my $plain = answer($http->get($url), $url);

    fail('the gateway names a line that ends as this number: take another one')
        if substr($plain->{line} // '', -2) eq substr($line, -2);

    return map {
        my ($name, $value) = @$_;
        my $response = $http->get($url, { headers => { $name => $value } });
        my $seen = answer($response, $url);

        [$way, $name eq 'cookie' ? "cookie $COOKIE" : $name,
         $seen->{identity}, believed($seen, $plain)];
    } forged($line);
}

sub forged {
    my ($line) = @_;

    return (map({ [lc($_), $line] } @HEADERS, @{$option{header}}),
            ['cookie', "$COOKIE=$line"]);
}

sub answer {
    my ($response, $url) = @_;
    my $seen = eval { JSON::PP->new->decode($response->{content}) };

    fail("$url: " . ($response->{status} == 599 ? $response->{content}
                                                : $response->{status})
         . ', where the answer of a carrierpay_self_test was expected')
        if ref $seen ne 'HASH' || !exists $seen->{enrichment};

    return { %$seen, identity => $seen->{identity} // 'none' };
}

# A line was read that the gateway has not named by itself.

sub believed {
    my ($seen, $plain) = @_;
    my ($line, $before) = map { $_->{line} // '' } $seen, $plain;

    return $looked_at{$seen->{identity}} && !$looked_at{$plain->{identity}}
           || $seen->{identity} eq 'accepted' && $line ne $before;
}

# What goes through a tunnel is not seen by the proxy, but comes from its
# address: a gateway that opens one to the plain listener lends its word.

sub try_tunnel {
    my ($to, $line) = @_;
    my ($proxy, $port) = $option{proxy} =~ m{^http://([^/:]+)(?::(\d+))?/?$}
        or fail("--proxy=\"$option{proxy}\": not http://HOST:PORT");
    my $socket = IO::Socket::INET->new(PeerHost => $proxy,
        PeerPort => $port // 80, LocalHost => $option{bind},
        Timeout => $TIMEOUT)
        or fail("$option{proxy}: $@");
    my $target = "$to->{host}:$to->{port}";

    local $SIG{ALRM} = sub { fail("$option{proxy}: no answer") };
    alarm($TIMEOUT);

    print $socket "CONNECT $target HTTP/1.1\r\nHost: $target\r\n\r\n";

    my ($status) = (<$socket> // '') =~ m{^HTTP/1\.\d (\d{3})}
        or fail("$option{proxy}: no answer to CONNECT");

    if ($status !~ /^2/) {
        alarm(0);
        return ['tunnel', 'x-msisdn', "refused: $status", 0];
    }

    while (my $header = <$socket>) { last if $header =~ /^\r?\n$/ }

    print $socket "GET $to->{path} HTTP/1.0\r\nHost: $target\r\n"
        . "User-Agent: carrierpay-admin\r\nX-MSISDN: $line\r\n\r\n";

    my $content = do { local $/; <$socket> } // '';

    alarm(0);
    $content =~ s/^.*?\r\n\r\n//s;

    my $seen = answer({ status => $status, content => $content },
                      "$target through the tunnel");

    return ['tunnel', 'x-msisdn', $seen->{identity},
            believed($seen, { identity => 'none' })];
}

1;
