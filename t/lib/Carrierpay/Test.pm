package Carrierpay::Test;

# The harness: a real nginx with the module (built with crash points and
# sanitizers), PostgreSQL and Redis in a folder of their own.
#
#     my $t = Carrierpay::Test->start(operator => 'settle 2s;');
#     is($t->api(POST => '/v1/payments', {...})->{status}, 201, 'created');
#
# start() takes lines for the holes of t/lib/nginx.conf, gateway => 1, sms => 1
# (demo_fr's customers get SMS, by the sandbox's gateway), and keys => sub,
# called with the keyring before nginx reads it. At the end of
# every file the claims of claims_at_the_end() are added; a file says no plan.

use strict;
use warnings;

use Carrierpay::Test::HTTP qw(http http_send http_receive form_fields
                              urlencode);
use Carrierpay::Test::Services qw(command read_file write_file root service
                                  from_template reserve_ports);
use Cwd qw(abs_path);
use DBI;
use File::Copy qw(copy);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(sleep time);

my $NGINX = $ENV{CARRIERPAY_NGINX} // '/usr/sbin/nginx';
my $JSON = JSON::PP->new->utf8->canonical;
my $CURRENT;                       # the one of this file

# what sms => 1 adds

my %SMS = (
    sms => <<'END',
        carrierpay_callback_url  http://127.0.0.1:@plain_port@/callback/;

        carrierpay_sms sandbox {
            dialect    sms_http;
            pass       /egress/sms;
            timeout    2s;
            request    json '{"to":"{{to}}","from":"{{from}}",
                              "text":"{{text}}","id":"{{id}}",
                              "report":"{{report}}"}';
            success    202;
            refused    400;
            reference  id;
            report     id=m status=d delivered=1 undelivered=2 buffered=8
                       expired=34;
            mo_fields  id=id from=from to=to text=text;
            price      0.045 EUR;
            mo         trusted;
        }
END
    operator_sms => 'sms sandbox; sms_from 38888; language fr;',
    callback => 'location /callback/ { carrierpay_callback; }',
);

sub start {
    my ($class, %option) = @_;
    my $root = tempdir('carrierpay-XXXXXXXX', DIR => '/tmp');
    my ($lock, %port);

    ($lock, @port{qw(plain tls gateway receiver)}) = reserve_ports(4);

    my $self = $CURRENT = bless {
        root => $root, dir => "$root/nginx", port => \%port, lock => $lock,
        option => \%option, keys => 0, expected => [],
    }, $class;

    $self->write_configuration();
    service('folder', $root, '711');
    from_template($root);
    $option{keys}->("$root/secrets") if $option{keys};
    %{ $self->{env} } = read_file("$root/demo.env") =~ /^(\w+)=(.*)$/mg;

    $self->start_postgres();
    $self->start_redis();
    $self->start_receiver();
    service('start_gateway', "$root/gateway", $port{gateway})
        if $option{gateway};
    $self->start_nginx();

    return $self;
}

# What the sources of the module and of the configuration are.

sub module {
    return $ENV{CARRIERPAY_MODULE} // root() . '/build/debug-sanitize/'
                                      . 'ngx_http_carrierpay_module.so';
}

sub write_configuration {
    my ($self) = @_;

    # a copy of the module: the checkout may be closed to nginx's user

    mkdir($self->{dir});
    copy(module(), "$self->{dir}/module.so") or die "the module: $!\n";
    chmod(0755, "$self->{dir}/module.so");
    write_file("$self->{dir}/nginx.conf", $self->configuration());
}

sub configuration {
    my ($self) = @_;
    my $port = $self->{port};
    my %value = (
        map({ $_ => '' } qw(main http operator plain tls egress sandbox sms
                            operator_sms callback)),
        confirm_after => 0, %{ $self->{option}{sms} ? \%SMS : {} },
        allow => 'carrierpay_webhook_allow 127.0.0.0/8;',
        map({ $_ => $self->{option}{$_} }
            grep { $_ ne 'sms' } keys(%{ $self->{option} })),
        root => $self->{root}, dir => $self->{dir},
        module => "$self->{dir}/module.so", plain_port => $port->{plain},
        tls_port => $port->{tls},
    );
    my $text = read_file(root() . '/t/lib/nginx.conf');

    # twice: a test's lines may have names between at signs, too

    for my $turn (1, 2) {
        $text =~ s/\@([a-z_]+)\@/$value{$1} \/\/ die "no value for $1\n"/ge;
    }

    return $text;
}

# What nginx -t says of a configuration, and at which line.

sub check_configuration {
    my ($self, $text) = @_;
    my $file = "$self->{dir}/check.conf";
    my $command = "$NGINX -t -c $file -e stderr -g 'pid $file.pid;' 2>&1";

    write_file($file, $text);
    local $ENV{LD_PRELOAD} = sanitizers();
    local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';

    my $said = `$command`;

    die $said if $said =~ /runtime error:|Sanitizer:/;

    return $said;
}

# The services; each can be ended and started again in the middle of a test.

sub start_postgres {
    my ($self) = @_;

    service('start_postgres', "$self->{root}/postgres", 'fsync=off',
            'shared_buffers=32MB');
}

sub stop_postgres { service('stop_postgres', "$_[0]{root}/postgres") }
sub start_redis { service('start_redis', "$_[0]{root}/redis") }
sub stop_redis { service('stop_redis', "$_[0]{root}/redis") }

sub start_receiver {
    my ($self) = @_;
    my $dir = "$self->{root}/receiver";

    service('folder', $dir);
    write_file("$dir/secret", $self->{env}{CARRIERPAY_WEBHOOK_SECRET});
    service('own', "$dir/secret");
    $self->sql('update carrierpay.endpoint set url = ?',
               "http://127.0.0.1:$self->{port}{receiver}/hooks");
    service('start_receiver', $dir, $self->{port}{receiver});
}

sub stop_receiver { service('stop_receiver', "$_[0]{root}/receiver") }

sub start_nginx {
    my ($self) = @_;

    local $ENV{PRELOAD} = sanitizers();
    local $ENV{ASAN_OPTIONS} = "detect_leaks=0:abort_on_error=1:"
                               . "log_path=$self->{dir}/sanitizer";
    local $ENV{UBSAN_OPTIONS} = "print_stacktrace=1:"
                                . "log_path=$self->{dir}/sanitizer";

    # is_ready() counts connections: those of a nginx before go first

    $self->wait_for(sub { $self->sessions() == 0 && $self->clients() <= 1 });
    service('start_nginx', $self->{dir});
    $self->wait_for(sub { $self->is_ready() }, 20)
        or die "nginx is not ready; see $self->{dir}\n";
}

# Both workers have reached their backends: two connections to PostgreSQL and
# one to Redis each, beside the one that asks. The answer of one worker says
# nothing of the other.

sub is_ready {
    my ($self) = @_;
    my $health = eval { $self->get($self->url('tls', '/healthz')) } // {};

    return $self->sessions("and state = 'idle' and query <> ''") >= 4
           && $self->clients() >= 3 && ($health->{status} // 0) == 200;
}

# Connections of nginx to PostgreSQL, and all to Redis; 0 when it is away.

sub sessions {
    my ($self, $condition) = @_;

    return eval { $self->value('select count(*) from pg_stat_activity'
        . " where usename = 'carrierpay' " . ($condition // '')) } // 0;
}

sub clients {
    my ($self) = @_;
    my $text = eval { $self->redis(qw(info clients)) } // '';

    return $text =~ /^connected_clients:(\d+)/m ? $1 : 0;
}

sub stop_nginx { service('stop_nginx', $_[0]{dir}) }

# For a nginx whose workers die one after the other: the master with them.

sub kill_nginx {
    my ($self) = @_;
    my $master = $self->master();

    kill('STOP', $master);         # it starts no more of them

    my @processes = ($master, children($master));

    kill('KILL', @processes);
    $self->wait_for(sub { !living(@processes) });
}

# Libraries that a sanitized module needs under Debian's own nginx.

sub sanitizers {
    return '' if module() !~ /sanitize/;
    return join(' ', map { command('gcc', "-print-file-name=$_") =~ s/\s//gr }
                     qw(libasan.so libubsan.so));
}

# nginx's processes: pids of the workers that take new connections.

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

sub children {
    my ($pid) = @_;

    return split(' ', eval { read_file("/proc/$pid/task/$pid/children") }
                      // '');
}

# Those that still run; a zombie has ended, whoever forgot to ask.

sub living {
    my (@pids) = @_;

    return grep {
        my $stat = eval { read_file("/proc/$_/stat") } // '';
        $stat =~ /.*\) ([^Z])/;
    } @pids;
}

sub kill_workers {
    my ($self) = @_;

    $self->expect(qr/worker process \d+ exited on signal 9/);
    kill('KILL', $self->workers());
}

# Alerts that this file provokes.

sub expect {
    my ($self, $pattern) = @_;

    push(@{ $self->{expected} }, $pattern);
}

sub reload {
    my ($self) = @_;
    my %old = map { $_ => 1 } $self->workers();

    service('reload_nginx', $self->{dir});

    return $self->wait_for(sub {
        my @now = $self->workers();
        return @now == 2 && !living(keys(%old)) && !grep { $old{$_} } @now;
    }, 25);
}

# Requests. url() takes 'plain', 'tls' or 'receiver'.

sub url {
    my ($self, $listener, $path) = @_;
    my $scheme = $listener eq 'tls' ? 'https' : 'http';

    return "$scheme://127.0.0.1:$self->{port}{$listener}$path";
}

sub get {
    my ($self, $url, %option) = @_;

    return http('GET', $url, ca => "$self->{root}/demo.crt", %option);
}

sub post {
    my ($self, $url, %option) = @_;

    return http('POST', $url, ca => "$self->{root}/demo.crt", %option);
}

# api(POST => '/v1/payments', $json_or_text, key =>, idempotency =>, ...)

sub api { my $self = shift; return http_receive($self->api_send(@_)) }

sub api_send {
    my ($self, $method, $path, $body, %option) = @_;
    my $key = exists($option{key}) ? delete($option{key})
                                   : $self->{env}{CARRIERPAY_KEY};
    my $idempotency = exists($option{idempotency})
                      ? delete($option{idempotency})
                      : 'key-' . ++$self->{keys};
    my @headers = @{ delete($option{headers}) // [] };

    push(@headers, "Authorization: Bearer $key") if defined($key);
    push(@headers, "Idempotency-Key: $idempotency")
        if $method eq 'POST' && defined($idempotency);
    push(@headers, 'Content-Type: application/json')
        if defined($body) && !grep { /^content-type:/i } @headers;
    $body = $JSON->encode($body) if ref($body);

    return http_send($method, $self->url('tls', $path), body => $body,
                     headers => \@headers, ca => "$self->{root}/demo.crt",
                     %option);
}

sub receive { my ($self, $sent) = @_; return http_receive($sent) }

# A client that leaves without waiting for the answer.

sub abandon {
    my ($self, $sent) = @_;

    $sent->{socket}->blocking(0);
    close($sent->{socket});
}

# What a merchant and a shopper do.

sub order {
    my ($self, %field) = @_;

    return { amount => 499, currency => 'EUR', description => 'Coins',
             reference => 'order-1', return_url => 'https://shop.example/r',
             metadata => { basket => '7' }, %field };
}

sub create {
    my ($self, %field) = @_;
    my $answer = $self->api(POST => '/v1/payments', $self->order(%field));

    die "not created: $answer->{status} $answer->{body}\n"
        if $answer->{status} != 201;

    return $answer->{json};
}

sub payment {
    my ($self, $id) = @_;

    return $self->api(GET => "/v1/payments/$id")->{json} // {};
}

# The bounce over the operator's network; the answer redirects to HTTPS.

sub identify {
    my ($self, $payment, %option) = @_;

    return $self->get($payment->{next_action}{url}, from => '127.0.0.2',
        headers => ['X-MSISDN: ' . ($option{msisdn} // '33600000001')],
        %option);
}

sub checkout {
    my ($self, $payment, %option) = @_;
    my $bounce = $self->identify($payment, %option);

    return $self->get($bounce->{header}{location});
}

# The tap on the page's button; follows to the receipt.

sub tap_send {
    my ($self, $page, %option) = @_;
    my ($action, %field) = form_fields($page->{body});

    die "no form in: $page->{body}\n" if !defined($action);

    return http_send('POST', $self->url('tls', $action),
        headers => ['Content-Type: application/x-www-form-urlencoded'],
        body => urlencode(%field), ca => "$self->{root}/demo.crt", %option);
}

sub tap {
    my ($self, $page, %option) = @_;
    my $answer = http_receive($self->tap_send($page, %option));
    my $location = $answer->{header}{location} // return $answer;

    return $answer if $location !~ m{/pay/};

    $location = $self->url('tls', $location) if $location =~ m{^/};

    return $self->get($location);
}

# A form of a page, by the end of its action: its hidden fields and these. What
# comes is the answer; follow() goes to where it leads.

sub submit_send {
    my ($self, $page, $name, $field, %option) = @_;
    my ($form) = grep { m{^[^>]*\baction="[^"]*/$name"} }
                 split(/<form\b/, $page->{body});

    die "no form $name in: $page->{body}\n" if !defined($form);

    my ($action, %hidden) = form_fields("<form$form");

    return http_send('POST', $self->url('tls', $action), %option,
        headers => ['Content-Type: application/x-www-form-urlencoded',
                    @{ $option{headers} // [] }],
        body => urlencode(%hidden, %{ $field // {} }),
        ca => "$self->{root}/demo.crt");
}

sub submit { my $self = shift; return http_receive($self->submit_send(@_)) }

sub follow {
    my ($self, $answer, %option) = @_;
    my $location = $answer->{header}{location} // return $answer;

    $location = $self->url('tls', $location) if $location =~ m{^/};

    return $self->get($location, %option);
}

# The page of who was not recognised: a number is typed.

sub unknown {
    my ($self, $payment, %option) = @_;

    return $self->follow($self->get($payment->{next_action}{url}, %option),
                         %option);
}

# A whole payment by the number's last digits; returns it as GET shows it.

sub pay {
    my ($self, $msisdn, %field) = @_;
    my $payment = $self->create(%field);

    $self->tap($self->checkout($payment, msisdn => $msisdn));

    return $self->payment($payment->{id});
}

# A subscriber of the demo merchant, who has paid once.

sub subscriber {
    my ($self, $msisdn) = @_;

    return $self->pay($msisdn)->{subscriber};
}

# The truth outside nginx.

sub dbh {
    my ($self) = @_;

    return DBI->connect("dbi:Pg:dbname=carrierpay;host=$self->{root}/postgres",
        'postgres', '', { RaiseError => 1, PrintError => 0,
                          AutoInactiveDestroy => 1 });
}

# carrierpay-admin, as operations use it; its output.

sub admin {
    my ($self, @arguments) = @_;
    my $dsn = "host=$self->{root}/postgres dbname=carrierpay user=postgres";

    return command(root() . '/conf/carrierpay-admin', "--dsn=$dsn",
                   "--secrets=$self->{root}/secrets", @arguments)
           =~ s/\s+\z//r;
}

# Rows as array references; of one column and row, use value().

sub sql {
    my ($self, $query, @values) = @_;
    my $dbh = $self->dbh();
    my $statement = $dbh->prepare($query);

    $statement->execute(@values);
    my $rows = $statement->{NUM_OF_FIELDS} ? $statement->fetchall_arrayref()
                                           : [];
    $dbh->disconnect();

    return @$rows;
}

sub value {
    my ($self, @query) = @_;
    my ($row) = $self->sql(@query);

    return $row ? $row->[0] : undef;
}

sub redis {
    my ($self, @command) = @_;

    return command('redis-cli', '-s', "$self->{root}/redis/redis.sock",
                   @command) =~ s/\n\z//r;
}

# What waits for its time, or for the lease of the dead, is due now: up to a
# minute that a test need not wait.

sub due_now {
    my ($self) = @_;

    $self->sql('update carrierpay.payment_due d set due_at = 0'
        . ' from carrierpay.payment p where p.id = d.payment_id'
        . " and p.state = 'r'");
    $self->sql('update carrierpay.outbox set due_at = 0');
}

# Deliveries that the merchant got: {verified, status, id, body, json, ...}.

sub webhooks {
    my ($self, $id) = @_;
    my $text = eval { read_file("$self->{root}/receiver/webhooks.log") } // '';
    my @deliveries = map { $JSON->decode($_) } split(/\n/, $text);

    $_->{json} = $JSON->decode($_->{body}) for @deliveries;

    return grep { !defined($id) || $_->{json}{data}{id} eq $id } @deliveries;
}

sub wait_for_webhook {
    my ($self, $id, $seconds) = @_;

    $self->wait_for(sub { scalar($self->webhooks($id)) }, $seconds);

    return ($self->webhooks($id))[0] // {};
}

# The sandbox operator's log: {at, what, reference, amount, currency}.

sub operator_log {
    my ($self, $reference) = @_;
    my $text = eval { read_file("$self->{root}/sandbox.log") } // '';
    my @entries;

    for my $line (split(/\n/, $text)) {
        my %entry;
        @entry{qw(at what reference amount currency)} = split(' ', $line);
        push(@entries, \%entry);
    }

    return grep { !defined($reference) || $_->{reference} eq $reference }
           @entries;
}

# SMS that the sandbox's gateway has taken: {at, to, from, text, report, ...}.

sub sms {
    my ($self, $number) = @_;
    my $text = eval { read_file("$self->{root}/sms") } // '';
    my @messages = map { $JSON->decode($_) } split(/\n/, $text);

    return grep { !defined($number) || $_->{to} eq $number } @messages;
}

# The newest one to a number, once there are so many (1) of them.

sub wait_for_sms {
    my ($self, $number, $count) = @_;

    $self->wait_for(sub { $self->sms($number) >= ($count // 1) });

    return ($self->sms($number))[-1] // {};
}

# The PIN in the newest one of so many (1) that have one.

sub wait_for_pin {
    my ($self, $number, $count) = @_;
    my @pins;

    $self->wait_for(sub {
        @pins = map { $_->{text} =~ /\b(\d{6})\b/ } $self->sms($number);
        return @pins >= ($count // 1);
    });

    return $pins[-1];
}

# An SMS from a phone, as the gateway brings it.

sub mo { my $self = shift; return http_receive($self->mo_send(@_)) }

sub mo_send {
    my ($self, $number, $text, $id) = @_;

    return http_send('POST', $self->url('plain', '/callback/sandbox/mo'),
        headers => ['Content-Type: application/json'],
        body => $JSON->encode({ id => $id // 'mo-' . ++$self->{keys},
                                from => $number, to => '38888',
                                text => $text }));
}

sub charged {
    my ($self, $reference) = @_;

    return scalar(grep { $_->{what} eq 'charged' }
                  $self->operator_log($reference));
}

sub metric {
    my ($self, $name) = @_;
    my $text = $self->get($self->url('tls', '/metrics'))->{body};

    return $text =~ /^\Q$name\E (\d+)/m ? $1 : undef;
}

sub error_log { return eval { read_file("$_[0]{dir}/error.log") } // '' }

sub wait_for {
    my ($self, $condition, $seconds) = @_;
    my $end = time() + ($seconds // 10);

    while (1) {
        my $result = $condition->();
        return $result if $result || time() > $end;
        sleep(0.05);
    }
}

# The claims of every file.

sub claims_at_the_end {
    my ($self) = @_;

    ok($self->wait_for(sub { $self->unfinished() == 0 }, 30),
       'no payment is left in the middle');
    ok($self->reload(), 'a reload: old workers leave');
    ok($self->reload(), 'another reload');

    my @processes = ($self->master(), $self->workers());
    $self->stop_nginx();
    is(join(' ', living(@processes)), '',
       'a graceful stop leaves no process');

    $self->books_balance();

    is($self->alerts(), '', 'no alert in the error log');
    is(join("\n", map { read_file($_) } glob("$self->{dir}/sanitizer*")), '',
       'no sanitizer report');
}

sub unfinished {
    my ($self) = @_;

    return $self->value('select count(*) from carrierpay.payment_due d'
        . ' join carrierpay.payment p on p.id = d.payment_id'
        . " where p.state = 'r'");
}

# The ledger against the operator's own log, by a checker that shares no code
# with the service.

sub books_balance {
    my ($self) = @_;
    my $log = "$self->{root}/sandbox.log";
    my $output = eval {
        $self->admin(qw(journal check), -e $log ? "--operator-log=$log" : ());
    };

    like($output, qr/: no difference$/, 'the books, against the operator');
}

# An identifier as merchants see it: 65 bits in Crockford's base32.

sub public_id {
    my ($prefix, $id) = @_;
    my $bits = sprintf('%065b', $id);
    my @digits = split(//, '0123456789abcdefghjkmnpqrstvwxyz');

    return $prefix . join('', map { $digits[oct("0b$_")] } $bits =~ /.{5}/g);
}

sub private_id {
    my ($public) = @_;
    my $id = 0;

    $public =~ s/^[a-z]+_//;
    $id = $id * 32 + index('0123456789abcdefghjkmnpqrstvwxyz', $_)
        for split(//, $public);

    return $id;
}

sub alerts {
    my ($self) = @_;
    my @lines = grep { /\[(alert|emerg|crit)\]|runtime error:|Sanitizer/ }
                split(/\n/, $self->error_log());

    for my $pattern (@{ $self->{expected} }) {
        @lines = grep { $_ !~ $pattern } @lines;
    }

    return join("\n", @lines);
}

sub end {
    my ($self) = @_;

    for my $name (qw(nginx gateway receiver redis postgres)) {
        service("stop_$name", "$self->{root}/$name");
    }
}

END {
    my $status = $?;

    if ($CURRENT) {
        if ($status == 0 && !$CURRENT->{died}) {
            eval { $CURRENT->claims_at_the_end(); 1 }
                or fail("claims at the end: $@");
            done_testing();
        }

        eval { $CURRENT->end(); 1 } or diag($@);

        if ($status == 0 && Test::More->builder->is_passing()) {
            remove_tree($CURRENT->{root});
        } else {
            diag("see $CURRENT->{root}");
        }
    }

    $? = $status;
}

1;
