package Carrierpay::Test::Enrichment;

# Listeners of every kind for tests of header enrichment, and an operator,
# "matrix", whose gateway writes every known header in every format.
#
# Each listener answers /who with what it decided, and with what is left of
# the known headers: nothing, it is hoped.

use strict;
use warnings;

use Carrierpay::Test::Pipeline qw(pipeline);
use Carrierpay::Test::Services qw(command root service);
use Exporter qw(import);

our @EXPORT_OK = qw(@NAMES @NEVER @LISTENERS $CRUMB addresses http_hole
                    make_keys encrypted ask);

# the names that operators' gateways are known to use, and those that are
# removed and never believed

our @NAMES = qw(msisdn x-msisdn xmsisdn pimmsisdn x-up-calling-line-id
    x-nokia-msisdn x-h3g-msisdn x-wap-msisdn x-wap-network-client-msisdn
    x-fh-msisdn x-ht-msisdn x-hts-clid x-wte-msisdn x-drutt-portal-user-msisdn
    x-mdn mdn vzv-msisdn x-du-msisdn nbg-imp-msisdn _rapmin tm_user-id
    calling-station-id x-forwarded-msisdn x-wsb-identity x-wap-clientid
    x-network-info x-acr x-vf-acr x-nokia-alias x-up-subno
    x-up-vodacomgw-subid x-uidh x-piper-id deviceid);
our @NEVER = qw(x-imsi x-nokia-imsi);
our $CRUMB = 'User-Identity-Forward-msisdn';

# how the peer is told, and whether it is HTTP/2

our @LISTENERS = (
    { name => 'socket', address => '127.0.1.1' },
    { name => 'socket, HTTP/2', address => '127.0.1.2', http2 => 1 },
    { name => 'proxy_protocol', address => '127.0.1.3', proxy => 1 },
    { name => 'proxy_protocol, HTTP/2', address => '127.0.1.4', proxy => 1,
      http2 => 1 },
    { name => 'real_ip', address => '127.0.1.5', realip => 1 },
    { name => 'real_ip, HTTP/2', address => '127.0.1.6', realip => 1,
      http2 => 1 },
);

my %ADDRESS = (
    trusted => '127.0.3.1', outside => '127.0.0.1', fixed => '127.0.4.1',
    relay => '127.0.5.1', vpn => '127.0.6.1', hop => '127.0.2.1',
    other => '127.0.0.2',
);

sub addresses { return \%ADDRESS }

# The lines for http{}.

sub http_hole {
    my $names = join("\n               ", @NAMES);
    my $seen = join('', map { '$http_' . tr/-/_/r } @NAMES, @NEVER)
               . '$cookie_user_identity_forward_msisdn$cookie_x_line';

    return <<"END" . join('', map { listener($_, $seen) } @LISTENERS);
    carrierpay_hop      127.0.2.0/24;
    carrierpay_hop      127.0.3.200/32;
    carrierpay_network  relay 127.0.5.0/24;
    carrierpay_network  vpn   127.0.6.0/24;

    carrierpay_operator matrix {
        country        LU;
        currency       EUR;
        mccmnc         27099;
        network        127.0.3.0/24 2001:db8:3::/48;
        fixed_network  127.0.4.0/24 2001:db8:4::/48;
        header $names;
        header $CRUMB format=cookie;
        header X-F-National   format=national;
        header X-F-00         format=00;
        header X-F-Hex        format=hex;
        header X-F-Base64     format=base64,national;
        header X-F-Field      format=field-2,e164;
        header X-F-Frame      frame=tel:;
        header X-Line         format=cookie,base64;
        header X-F-Gcm        format=aes-256-gcm key=gateway window=300s;
        header X-F-Cbc        format=hex,aes-256-cbc key=gateway-cbc;
        header X-F-Rsa        format=rsa-oaep key=gateway-rsa;
        header X-F-Acr        format=acr;
        header X-F-Acr-Gcm    format=aes-256-gcm,acr key=gateway;
        mccmnc_header  X-MCCMNC;
        numbering      352 len=9 prefix=6 trunk=0;
        dialect        sandbox;
        pass           /egress/sandbox;
        mvno matrix_virtual {
            type light;  mccmnc 27098;  prefix 352699;  billing on;
        }
    }
END
}

sub listener {
    my ($listener, $seen) = @_;
    my $peer = $listener->{proxy} ? 'peer=proxy_protocol'
             : $listener->{realip} ? 'peer=real_ip' : '';
    my $flags = ($listener->{proxy} ? ' proxy_protocol' : '')
              . ($listener->{http2} ? ' http2' : '');
    my $realip = $listener->{realip}
                 ? "set_real_ip_from 127.0.0.0/8;\n"
                   . '        real_ip_header X-Forwarded-For;' : '';

    return <<"END";
    server {
        listen $listener->{address}:\@plain_port\@$flags;
        carrierpay_enrichment on $peer;
        underscores_in_headers on;
        large_client_header_buffers 4 16k;
        keepalive_requests 1000000;
        access_log off;
        $realip

        location = /who {
            set \$who "\$carrierpay_identity;\$carrierpay_operator";
            set \$who "\$who;\$carrierpay_mvno;\$carrierpay_evidence";
            set \$who "\$who;\$carrierpay_network";
            return 200 "\$who;\$carrierpay_msisdn_masked;[$seen]";
        }

        location = /whoami { carrierpay_self_test; }
        location /i/ {
            carrierpay_identify https://127.0.0.1:\@tls_port\@;
        }
    }
END
}

# The operator's keys, for the option "keys" of a test.

sub make_keys {
    my ($file) = @_;
    my %cipher = ('' => 'aes-256-gcm', '-cbc' => 'aes-256-cbc',
                  '-rsa' => 'rsa-oaep');

    command(root() . '/conf/carrierpay-keys', 'add', $file, "gateway$_",
            "--cipher=$cipher{$_}") for sort(keys(%cipher));
    service('own', $file);
}

# A value as the gateway would write it; the file is $t->{root}/secrets.

sub encrypted {
    my ($file, $key, $text, @options) = @_;

    return command('sh', '-c', 'text=$1; shift; echo "$text" | "$@"', 'sh',
                   $text, root() . '/conf/carrierpay-keys', 'write', $file,
                   $key, @options) =~ s/\s+\z//r;
}

# Requests to a listener as they come from an address; behind a hop where the
# listener expects one (another first_hop: from elsewhere). Answers as
# {identity, operator, mvno, evidence, network, line, left}.

sub ask {
    my ($test, $listener, $address, @requests) = @_;
    my %option = ref($requests[0]) eq 'HASH' ? %{ shift(@requests) } : ();
    my $behind = $listener->{proxy} || $listener->{realip};
    my $hop = $option{hop} // $ADDRESS{hop};
    my $family = $address =~ /:/ ? 6 : 4;
    my @answers;

    @requests = map { [['User-Agent', 'carrierpay-test'], @$_] } @requests
        if !$option{bare};
    @requests = map { [@$_, ['X-Forwarded-For', $address]] } @requests
        if $listener->{realip};

    while (my @some = splice(@requests, 0, 50)) {
        push(@answers, pipeline(
            to => "$listener->{address}:$test->{port}{plain}",
            from => $behind ? $hop : $address, http2 => $listener->{http2},
            first => $listener->{proxy}
                ? "PROXY TCP$family $address $address 4000 80\r\n" : '',
            path => $option{path} // '/who', requests => \@some));
    }

    return map { answer($_) } @answers;
}

sub answer {
    my ($body) = @_;
    my %answer = (text => $body // '(none)');

    @answer{qw(identity operator mvno evidence network line left)} =
        split(/;/, $body // '', 7);

    return \%answer;
}

1;
