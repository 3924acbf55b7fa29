package Carrierpay::Test::Operator;

# An operator with faults, in the sandbox's dialect. The description of a
# charge says what it does:
#
#     charges FAULT       takes the money, and answers with the fault
#     forgets FAULT       answers in the same way, but takes no money
#     declines CODE       answers 402 with the code
#
# A lookup is answered as lookups() says, and a refund is paid back.
#
# FAULT is a name in %FAULT below. What was charged is appended to the log of
# the harness's own sandbox operator, so the books are compared with both. A
# webhook to /hooks/FAULT is answered with the fault, too.
#
#     my $operator = Carrierpay::Test::Operator->listen();
#     ... start nginx, with $operator->port('main') in its configuration
#     $operator->serve($t);
#
# Ports: main and peer, tls (with a certificate that is not trusted),
# deaf (connections are not accepted), and closed (nothing listens there).

use strict;
use warnings;

use Carrierpay::Test::Services qw(command read_file root write_file);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use IO::Socket::SSL;
use IO::Socket::SSL::Utils qw(CERT_create PEM_cert2file PEM_key2file);
use JSON::PP ();
use POSIX ();
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(sleep time);

my $JSON = JSON::PP->new->utf8->canonical;

# What a fault sends instead of the answer it is given: texts, pauses in
# seconds as references, and at the end that the connection stays or is reset.
# Without either it is closed.

use constant { KEEP => [], RESET => [], CLOSE => [] };

my $TOO_MUCH = ' ' x 20000;        # more than subrequest_output_buffer_size

my %FAULT = (

    # answers that are right, some with headers that nginx would obey

    nothing        => sub { kept(@_) },
    chunked        => sub { (chunked(@_), KEEP) },
    until_close    => sub { "HTTP/1.0 $_[0] X\r\n\r\n$_[1]" },
    spaced         => sub { (whole($_[0], ' ' x 3000 . $_[1]), KEEP) },
    in_pieces      => sub { pieces(0.02, 40, whole(@_)) },
    after_a_while  => sub { (\1.5, kept(@_)) },
    in_the_end     => sub { (\10, kept(@_)) },
    conflict       => sub { whole(409, $_[1]) },
    unbuffered     => sub { whole(@_, 'X-Accel-Buffering: no') },
    accel_limit    => sub { whole(@_, 'X-Accel-Limit-Rate: 10') },
    accel          => sub { whole(@_, 'X-Accel-Redirect: /egress/closed/x') },
    accel_unknown  => sub { whole(@_, 'X-Accel-Redirect: /nowhere') },
    accel_operator => sub {
        whole(@_, 'X-Accel-Redirect: /egress/operator/charges/by_webhook')
    },
    accel_named    => sub { whole(@_, 'X-Accel-Redirect: @nowhere') },

    # the operator's own trouble

    error_400      => sub { whole(400, problem(400, 'invalid_request')) },
    error_500      => sub { whole(500, '{"error":"internal"}') },
    error_502      => sub { whole(502, '{"error":"bad gateway"}') },
    error_503      => sub { whole(503, '{"error":"try again"}') },
    error_504      => sub { whole(504, '{"error":"timeout"}') },
    error_429      => sub { whole(429, '{"error":"slow down"}') },
    redirect       => sub { whole(307, '', 'Location: /charges/x') },
    accepted       => sub { whole(202, $_[1]) },

    # no answer

    closed         => sub { () },
    reset          => sub { RESET },
    silence        => sub { \4 },
    reset_on_reuse => sub { $_[2] > 1 ? RESET : kept(@_) },

    # half an answer

    no_body        => sub { whole(201, '') },
    no_content     => sub { "HTTP/1.1 204 X\r\nConnection: close\r\n\r\n" },
    cut_status     => sub { "HTTP/1.1 20" },
    cut_headers    => sub { "HTTP/1.1 $_[0] X\r\nContent-Ty" },
    cut_body       => sub { substr(whole(@_), 0, -1) },
    cut_chunk      => sub { substr(chunked(@_), 0, -20) },
    no_last_chunk  => sub { substr(chunked(@_), 0, -5) },
    promised_more  => sub { whole(@_) =~ s/(?<=Length: )/9/r },
    reset_in_body  => sub { (substr(whole(@_), 0, -1), \0.1, RESET) },
    slow_body      => sub { pieces(0.05, 1, whole(@_)) },
    stuck_body     => sub { (substr(whole(@_), 0, -1), \4) },

    # not HTTP, or hardly

    garbage        => sub { join('', map { chr(255 - $_) } 0 .. 255) },
    other_protocol => sub { "SSH-2.0-OpenSSH_9.2p1\r\n" },
    http_09        => sub { $_[1] },
    no_status      => sub { whole(@_) =~ s/ \d+ X//r },

    # too much

    large          => sub { whole($_[0], $_[1] . $TOO_MUCH) },
    large_chunked  => sub { chunked($_[0], $_[1] . $TOO_MUCH) },
    large_header   => sub { whole(@_, "X-Padding: $TOO_MUCH") },
    trailing       => sub { whole($_[0], "$_[1]$_[1]") },

    # whole, but not what was asked

    other_payment  => sub { whole($_[0], $_[1] =~ s/"pay_.{9}/"pay_000000000/r)
                      },
    longer         => sub { whole($_[0], $_[1] =~ s/"pay_.{13}/${&}0/r) },
    shorter        => sub { whole($_[0], $_[1] =~ s/("pay_.{12})./$1/r) },
    no_reference   => sub { whole($_[0], $_[1] =~ s/"reference"/"refer"/r) },
    no_status_key  => sub { whole($_[0], $_[1] =~ s/"status"/"state"/r) },
    other_status   => sub { whole($_[0], $_[1] =~ s/"charged"/"pending"/r) },
    longer_status  => sub { whole($_[0], $_[1] =~ s/"charged"/"charged2"/r) },
    number         => sub { whole($_[0], $_[1] =~ s/"charged"/1/r) },
    no_proof       => sub { whole($_[0], $_[1] =~ s/"operator_[^,]*,//r) },
    bad_json       => sub { whole($_[0], $_[1] =~ s/\}/,}/r) },
    twice          => sub { whole($_[0], $_[1] =~ s/\{/{"status":"declined",/r)
                      },
    array          => sub { whole($_[0], "[$_[1]]") },
    bad_utf8       => sub { whole($_[0], $_[1] =~ s/"op-/"\xc3\x28/r) },
    html_400       => sub { whole(400, '<html>a proxy between</html>') },
    html_404       => sub { whole(404, '<html>a proxy between</html>') },
    html           => sub { whole($_[0], '<html>Welcome to our WiFi</html>') },
    but_declined   => sub { whole($_[0], declined($_[1], 'declined')) },
    but_charged    => sub { whole(402, $_[1]) },

    # of webhooks

    later          => sub { whole(429, '', 'Retry-After: 120') },
    later_503      => sub { whole(503, '', 'Retry-After: 300') },
    later_date     => sub { whole(429, '', 'Retry-After: ' . http_date(600)) },
    later_never    => sub { whole(429, '', 'Retry-After: 4294967301') },
    later_overflow => sub { whole(429, '', 'Retry-After: ' . '9' x 30) },
    later_negative => sub { whole(429, '', 'Retry-After: -5') },
    sooner         => sub { whole(429, '', 'Retry-After: 1') },
    gone           => sub { whole(410, '') },
    (map { my $status = $_;
           "moved_$_" => sub { whole($status, '', 'Location: /hooks/stolen') }
         } 301, 302, 303, 307, 308),
);

sub whole {
    my ($status, $body, @headers) = @_;

    @headers = grep { /:/ } @headers;

    return join("\r\n", "HTTP/1.1 $status X", 'Connection: close', @headers,
                'Content-Length: ' . length($body), '', $body);
}

sub kept {
    my ($status, $body) = @_;

    return (whole($status, $body) =~ s/Connection: close\r\n//r, KEEP);
}

sub chunked {
    my ($status, $body) = @_;

    return join("\r\n", "HTTP/1.1 $status X", 'Transfer-Encoding: chunked', '',
                sprintf('%x', length($body)), $body, '0', '', '');
}

sub pieces {
    my ($seconds, $length, $text) = @_;

    return map { ($_, \$seconds) } $text =~ /.{1,$length}/gs;
}

sub http_date {
    my ($seconds) = @_;

    return POSIX::strftime('%a, %d %b %Y %T GMT', gmtime(time() + $seconds));
}

sub declined {
    my ($body, $code) = @_;
    my ($reference) = $body =~ /"(pay_[\w-]+)"/;

    return $JSON->encode({ reference => $reference, status => 'declined',
                           code => $code });
}

sub problem {
    my ($status, $code) = @_;

    return $JSON->encode({ type => 'about:blank', title => 'Error',
                           status => $status, code => $code });
}

sub charged {
    my ($reference) = @_;

    return $JSON->encode({ reference => $reference, status => 'charged',
                           operator_reference => "op-$reference" });
}

# The process. The charges of a whole batch come at once, each on a connection
# of its own, so there is room for more of them than a batch has.

sub listen {
    my ($class) = @_;
    my $dir = tempdir('operator-XXXXXXXX', DIR => '/tmp', CLEANUP => 1);
    my %listener;

    for my $name (qw(main peer tls deaf closed)) {
        $listener{$name} = IO::Socket::INET->new(
            LocalAddr => '127.0.0.1', Proto => 'tcp',
            $name eq 'closed' ? () : (Listen => $name eq 'deaf' ? 1 : 1024))
            or die "$name: $!\n";
    }

    my ($certificate, $key) = CERT_create(purpose => 'server',
        subject => { commonName => 'stranger' });

    PEM_cert2file($certificate, "$dir/crt");
    PEM_key2file($key, "$dir/key");
    write_file("$dir/$_", '') for qw(requests questions);
    chmod(0755, $dir);

    return bless { dir => $dir, listener => \%listener }, $class;
}

sub certificate { return "$_[0]{dir}/crt" }
sub port { my ($self, $name) = @_; return $self->{listener}{$name}->sockport }

# One process for all connections; it ends with the one that started it,
# however that ends.

sub serve {
    my ($self, $t) = @_;

    $self->{log} = "$t->{root}/sandbox.log";
    pipe(my $lifeline, $self->{life}) or die "pipe: $!\n";

    my $child = fork() // die "fork: $!\n";

    if ($child == 0) {
        close($self->{life});
        eval { $self->run($lifeline) };
        warn($@) if $@;
        POSIX::_exit(1);
    }
}

sub run {
    my ($self, $lifeline) = @_;
    my %listener = map { $self->{listener}{$_} => $_ } qw(main peer tls);
    my $select = IO::Select->new($lifeline,
                                 @{ $self->{listener} }{values(%listener)});
    my %connection;

    local $SIG{PIPE} = 'IGNORE';

    while (1) {
        for my $ready ($select->can_read(until_next(values(%connection)))) {
            POSIX::_exit(0) if $ready == $lifeline;

            if ($listener{$ready}) {
                my $socket = $self->meet($ready, $listener{$ready}) or next;

                $connection{$socket} = { socket => $socket, in => '',
                                         out => [], wake => 0, turn => 0 };
                $select->add($socket);

            } else {
                $self->hear($connection{$ready});
            }
        }

        for my $c (grep { @{ $_->{out} } } values(%connection)) {
            next if $c->{wake} > time() || !say_on($c);

            $select->remove($c->{socket});
            delete($connection{$c->{socket}});
            close($c->{socket});
        }
    }
}

# Seconds until a connection that pauses has more to say.

sub until_next {
    my ($wake) = sort { $a <=> $b } grep { $_ } map { $_->{wake} } @_;

    return undef if !$wake;
    return $wake > time() ? $wake - time() : 0;
}

sub meet {
    my ($self, $listener, $name) = @_;
    my $socket = $listener->accept() or return;

    return $socket if $name ne 'tls';

    return IO::Socket::SSL->start_SSL($socket, SSL_server => 1, Timeout => 2,
        SSL_cert_file => "$self->{dir}/crt",
        SSL_key_file => "$self->{dir}/key");
}

# What came; a whole request is answered.

sub hear {
    my ($self, $c) = @_;
    my $length = sysread($c->{socket}, $c->{in}, 65536, length($c->{in}));
    my ($head, $body) = split(/\r\n\r\n/, $c->{in}, 2);
    my ($method, $path) = ($head // '') =~ m{^([A-Z]+) (\S+) HTTP/1\.};

    return @$c{qw(out wake)} = ([CLOSE], 0) if !$length || !defined($method);
    return if !defined($body)
              || $head =~ /^content-length: (\d+)/mi && length($body) < $1;

    $c->{in} = '';
    push(@{ $c->{out} }, $self->answer($method, $path, $body, ++$c->{turn}),
         CLOSE);
}

# True when the connection is to be closed.

sub say_on {
    my ($c) = @_;

    $c->{wake} = 0;

    while (defined(my $action = shift(@{ $c->{out} }))) {
        if (!ref($action)) {
            syswrite($c->{socket}, $action) or return 1;

        } elsif (ref($action) eq 'SCALAR') {
            $c->{wake} = time() + $$action;
            return 0;

        } elsif ($action == KEEP) {
            $c->{out} = [];
            return 0;

        } else {
            setsockopt($c->{socket}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0))
                if $action == RESET;
            return 1;
        }
    }
}

# What it answers

sub answer {
    my ($self, $method, $path, $body, $turn) = @_;
    my $charge = $JSON->decode($body || '{}');

    if (my ($fault) = $path =~ m{^/hooks/(\w+)}) {
        $self->append("$self->{dir}/requests", "$method hook $path $turn");
        return ($FAULT{$fault} // return CLOSE)->(200, '{}', $turn);
    }

    return $self->lookup($charge->{line}) if $path eq '/lookups';

    my $reference = $charge->{reference}
                    // ($path =~ m{^/charges/([\w-]+)$})[0]
                    // return whole(400, '{}');

    $self->append("$self->{dir}/requests", "$method $reference $path $turn");

    return $self->question($reference, $turn) if $method eq 'GET';

    if ($path =~ m{^/charges/[\w-]+/refunds$}) {
        $self->note('refunded', $charge);
        return kept(201, charged($reference) =~ s/"charged"/"refunded"/r);
    }

    my ($does, $how) = split(' ', $charge->{description}, 2);

    if ($does eq 'declines') {
        $self->note('declined', $charge);
        return kept(402, declined(charged($reference), $how));
    }

    $self->note('charged', $charge) if $does eq 'charges';

    return $FAULT{$how}->(201, charged($reference), $turn);
}

sub question {
    my ($self, $reference, $turn) = @_;
    my @faults = split(' ', read_file("$self->{dir}/questions"));
    my $fault = $faults[rand(@faults)];
    my $charged = grep { /^\d+ charged $reference / }
                  split(/\n/, read_file($self->{log}));

    return $FAULT{$fault}->(200, charged($reference), $turn) if $fault;
    return kept(200, charged($reference)) if $charged;
    return kept(404, problem(404, 'not_found'));
}

sub lookup {
    my ($self, $line) = @_;
    my ($code, @faults) = split(' ', read_file("$self->{dir}/lookups"));
    my ($number) = $line =~ /(\d\d)\z/;
    my $fault = $faults[$number];

    $self->append("$self->{dir}/requests", "POST lookup $fault");

    return $FAULT{$fault}->(200, $JSON->encode({ mccmnc => $code }), 1);
}

sub append {
    my ($self, $file, $line) = @_;

    open(my $log, '>>', $file) or die "$file: $!\n";
    syswrite($log, "$line\n");
    close($log);
}

sub note {
    my ($self, $what, $charge) = @_;

    $self->append($self->{log}, join(' ', int(time() * 1000), $what,
        @$charge{qw(reference amount currency)}));
}

# What tests say and ask

# Questions are answered with one of these faults; none: honestly.

sub questions {
    my ($self, @faults) = @_;

    write_file("$self->{dir}/questions", "@faults");
}

# Lookups are answered with this code, and with the fault that a line's last
# two digits are the number of.

sub lookups {
    my ($self, $code, @faults) = @_;

    write_file("$self->{dir}/lookups", "$code @faults");
}

# How often it was asked: POST to charge, GET what became of it.

sub asked {
    my ($self, $method, $reference) = @_;

    return scalar(grep { /^$method $reference / }
                  split(/\n/, read_file("$self->{dir}/requests")));
}

# Charges asked for that the ledger knows nothing about.

sub asked_without {
    my ($self, $t) = @_;
    my %known = map { Carrierpay::Test::public_id('pay_', $_->[0]) => 1 }
                $t->sql('select id from carrierpay.payment');

    return scalar(grep { /^POST (pay_\w+) / && !$known{$1} }
                  split(/\n/, read_file("$self->{dir}/requests")));
}

# Webhooks that came to a path.

sub hooks {
    my ($self, $path) = @_;

    return scalar(grep { /^POST hook \Q$path\E / }
                  split(/\n/, read_file("$self->{dir}/requests")));
}

# From now on no connection to the deaf port is completed, until it is
# unstopped; that returns the request that came after all, within some seconds.

sub stop_ears {
    my ($self) = @_;

    for (1 .. 8) {
        my $caller = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $self->port('deaf'), Timeout => 0.2);

        return if !$caller;
        push(@{ $self->{callers} }, $caller);
    }

    die "the deaf port still takes calls\n";
}

sub unstop_ears {
    my ($self, $seconds) = @_;
    my $deaf = $self->{listener}{deaf};
    my $end = time() + $seconds;
    my $text = '';

    close($_) for @{ delete($self->{callers}) };

    while (time() < $end) {
        next if !IO::Select->new($deaf)->can_read($end - time());
        my $caller = $deaf->accept() or next;
        sysread($caller, $text, 65536);
        return $text if $text =~ /^[A-Z]+ /;
    }

    return '';
}

# It charges late, long after it was asked to.

sub charge_late {
    my ($self, $payment) = @_;

    $self->note('charged', { reference => $payment->{id}, map {
        $_ => $payment->{$_} } qw(amount currency) });
}

# The ledger learns of operators; returns a subscriber of each who consented.
# One call of the tool makes them all, which is seconds faster.

sub enrol {
    my ($self, $t, @names) = @_;
    my $admin = root() . '/conf/carrierpay-admin';
    my $dsn = "host=$t->{root}/postgres dbname=carrierpay user=postgres";
    my $numbers = "$self->{dir}/numbers";

    write_file($numbers, join("\n", map { (33699000000 + $_) . ',100000' }
                                     1 .. @names));

    my @ids = split(' ', command('sh', '-c', 'exec "$0" "$@" < ' . $numbers,
        $admin, "--dsn=$dsn", "--secrets=$t->{root}/secrets", 'subscriber',
        'add', 'demo_fr', '-', 1));

    for my $i (0 .. $#names) {
        $t->sql('insert into carrierpay.operator (code, name, country,'
            . " currency, sandbox) values (?, 'Faulty', 'FR', 'EUR', true)",
            $names[$i]);
        $t->sql('select carrierpay.contract_add(1, ?, 0, null, 3000, 500,'
            . ' 0)', $names[$i]);
        $t->sql('update carrierpay.subscriber s set operator = ?'
            . ' from carrierpay.pseudonym p where s.id = p.subscriber_id'
            . ' and p.id = ?', $names[$i],
            Carrierpay::Test::private_id($ids[$i]));
    }

    return map { $names[$_] => $ids[$_] } 0 .. $#names;
}

1;
