package Carrierpay::Test::Public::Edges;

# All other edges of the service: the way of a shopper to the page, the files
# of the pages, status, callbacks, messages, webhooks, what stands in Redis,
# logs and metrics, and what is answered without the backends.

use strict;
use warnings;

use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use MIME::Base64 qw(decode_base64);

sub run {
    my ($public, $smtp) = @_;
    my $self = bless { public => $public, t => $public->{t}, smtp => $smtp };

    $self->settle();
    $self->identify();
    $self->files();
    $self->status();
    $self->callbacks();
    $self->messages();
    $self->mails();
    $self->webhooks();
    $self->redis();
    $self->variables();
    $self->metrics();
    $self->outage();
}

# What has begun before this ends: no call of it comes in between.

sub settle {
    my ($self) = @_;
    my $t = $self->{t};

    $t->wait_for(sub {
        $t->due_now();
        return $t->unfinished() == 0
               && !$t->value('select count(*) from carrierpay.outbox')
               && !$t->value('select count(*) from carrierpay.message_due');
    }, 'no payment, webhook or message is due any more');
}

sub note {
    my ($self, $name, $answer) = @_;

    return $self->{public}->answer($name, $answer);
}

# The listener that knows the line

sub identify {
    my ($self) = @_;
    my $t = $self->{t};
    my $url = $t->create()->{next_action}{url};
    my $line = 'X-MSISDN: 33600000001';

    for my $case (
        ['recognised', '127.0.0.2', $line],
        ['with its code', '127.0.0.2', $line, 'X-MCCMNC: 20898'],
        ['a roamer', '127.0.0.2', $line, 'X-MCCMNC: 26201'],
        ['nothing said', '127.0.0.2'],
        ['not a number', '127.0.0.2', 'X-MSISDN: 12'],
        ['twice', '127.0.0.2', $line, $line],
        ['two headers', '127.0.0.4', 'X-MSISDN: 33670000033',
         'X-UP-CALLING-LINE-ID: 33670000034'],
        ["another operator's header", '127.0.0.2', 'X-UP-CALLING-LINE-ID: 1'],
        ['from Wi-Fi', '127.0.0.1'],
        ['forged from Wi-Fi', '127.0.0.1', $line],
        ['over a proxy', '127.0.0.1', 'Via: 1.1 proxy'],
        ['from a fixed line', '127.0.0.5'],
        ['from a relay', '127.0.0.8'],
        ['from a VPN', '127.0.0.9'],
    ) {
        my ($name, $from, @headers) = @$case;

        $self->note("identify: $name", $t->get($url, from => $from,
                                               headers => \@headers));
        $self->note("self test: $name", $t->get($t->url('plain', '/whoami'),
            from => $from, headers => \@headers));
    }

    $self->note('identify: no user agent', $t->get($url, agent => '',
        from => '127.0.0.2', headers => [$line]));
    $self->note('identify: POST', $t->post($url, body => ''));
    $self->note('identify: no such link',
                $t->get($t->url('plain', '/i/cs_x')));
    $self->note('self test: another address',
                $t->get($t->url('plain', '/whoami?address=127.0.0.3')));
    $self->note('self test: what is no address',
                $t->get($t->url('plain', '/whoami?address=x')));
    $self->{public}->done('identify', 'shoppers are identified as recorded');
}

# Stylesheets and scripts of the pages

sub files {
    my ($self) = @_;
    my $t = $self->{t};
    my $page = $t->checkout($t->create());

    $self->note($_ =~ s/\.[0-9a-f]{16}\././r, $t->get($t->url('tls', $_)))
        for $page->{body} =~ m{(?:href|src)="(/pay/[a-z]+\.\w+\.\w+)"}g;
    $self->note($_, $t->get($t->url('tls', "/pay/$_")))
        for qw(colour.ffffff.css colour.gggggg.css style.css);
    $self->{public}->done('files', 'the files of the pages are as recorded');
}

sub status {
    my ($self) = @_;
    my $t = $self->{t};

    $self->note('health', $t->get($t->url('tls', '/healthz')));
    $self->note("POST $_", $t->post($t->url('tls', $_), body => ''))
        for '/healthz', '/metrics';
    $self->note('the headers of the metrics', { body => '', headers =>
        $t->get($t->url('tls', '/metrics'))->{headers}
            =~ s/^Content-Length: \K\d+/BYTES/mr });
    $self->{public}->done('status', 'the state is told as recorded');
}

# What gateways of SMS are answered

sub callbacks {
    my ($self) = @_;
    my $t = $self->{t};

    $self->note("GET /callback/$_", $t->get($t->url('plain', "/callback/$_")))
        for 'sandbox/dlr?m=msg_x.y&d=1', 'sandbox/dlr?m=x', 'sandbox/dlr',
            'sandbox/mo?from=33600000001&text=x', 'sandbox/mo?text=x',
            'sandbox/x', 'nobody/dlr?m=x&d=1', '';
    $self->note('a report of another type', $t->post($t->url('plain',
        '/callback/sandbox/dlr'), body => '<x/>',
        headers => ['Content-Type: text/xml']));
    $self->note('half a report', $t->post($t->url('plain',
        '/callback/sandbox/dlr'), body => '{',
        headers => ['Content-Type: application/json']));
    $self->note('a message of a phone', $t->mo('33600000071', 'hello', 'a'));
    $self->note('the same message again', $t->mo('33600000071', 'hello', 'a'));
    $self->{public}->done('callbacks', 'gateways are answered as recorded');
}

sub sms {
    my ($self, $name, $number, $count) = @_;
    my $sms = $self->{t}->wait_for_sms($number, $count);

    $self->{public}->text($name, join('', map { "$_: $sms->{$_}\n" }
                          grep { !/^(?:at|id|reference)$/ } sort(keys(%$sms)))
                          . 'members: ' . join(' ', sort(keys(%$sms))) . "\n");
}

sub messages {
    my ($self) = @_;
    my $t = $self->{t};
    my $n = 0;

    for my $language (qw(en fr)) {
        my $number = '3360000718' . ++$n;
        my %field = (locale => $language);

        $t->pay($number, %field);
        $self->sms("$language: a receipt", $number, 1);

        my $payment = $t->create(%field, $t->later(900));

        $t->submit($t->unknown($payment), 'number',
                   { country => 'FR', number => "+$number" });
        $self->sms("$language: a code of our page, which allows more",
                   $number, 2);

        $payment = $t->create(%field);
        $t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
        $t->api(POST => "/v1/payments/$payment->{id}/pin",
                { msisdn => "+$number" });
        $self->sms("$language: a code of the merchant's page", $number, 3);

        my $count = 3;

        for my $word ('HELP', 'INFO', 'hello', 'YES 000000', 'STOP', 'STOP',
                      'STOP ALL')
        {
            $t->mo($number, $word);
            $self->sms("$language: the answer to $word", $number, ++$count);
        }
    }

    $t->mo('33600007190', 'STOP');
    $self->sms('STOP of a stranger', '33600007190', 1);
    $self->{public}->done('messages', 'SMS say what was recorded');
}

sub mails {
    my ($self) = @_;
    my $t = $self->{t};
    my $smtp = $self->{smtp};

    $self->settle();

    for my $language (qw(en fr)) {
        $smtp->forget();
        $t->pay('33600000075', locale => $language,
                receipt_email => 'shopper@example.com');
        $t->wait_for(sub { $smtp->count() == 1 }, 'the mail');

        my ($mail) = $smtp->mails();
        my ($head, $text) = split(/\r?\n\r?\n/, $mail->{text}, 2);

        $head =~ s/\r//g;
        $head =~ s/^Message-ID: <\K[^@\n]+/ID/mi;
        $self->{public}->text($language, "from $mail->{from}\n"
            . "to @{ $mail->{to} }\n$head\n\n" . decode_base64($text));
    }

    $self->{public}->done('mails', 'mails say what was recorded');
}

# Webhooks as they are delivered, to a listener of our own

sub webhooks {
    my ($self) = @_;
    my $t = $self->{t};
    my $listener = IO::Socket::INET->new(Listen => 64,
        LocalAddr => '127.0.0.1') or die "no port: $!\n";
    my ($kept) = $t->value('select url from carrierpay.endpoint');
    my $port = $listener->sockport();

    $self->{public}{port}{$port} = 'endpoint';
    $t->sql('update carrierpay.endpoint set url = ?',
            "http://127.0.0.1:$port/hooks?a=1");

    my $expired = $t->create();

    $t->expire($expired->{id});

    $self->webhook($listener, 'a payment has succeeded',
                   $t->pay('33600000076')->{id});
    $self->webhook($listener, 'an attempt at a payment has failed',
                   $t->pay('33600000002')->{id});
    $self->webhook($listener, 'a payment has failed',
                   $t->charge_known($t->admin_reads('33600000002,5000',
                       qw(subscriber add demo_fr - 1)))->{json}{id});
    $self->webhook($listener, 'a payment has expired', $expired->{id});

    $t->sql('update carrierpay.endpoint set url = ?', $kept);
    $self->{public}->done('webhooks', 'webhooks are delivered as recorded');
}

sub webhook {
    my ($self, $listener, $name, $id) = @_;
    my $end = time() + 15;

    while (time() < $end) {
        $self->{heard}{$id} and last;
        IO::Select->new($listener)->can_read(1) or next;

        my $socket = $listener->accept() or next;
        my $text = '';

        while (1) {
            my ($head, $body) = split(/\r\n\r\n/, $text, 2);

            last if defined($body) && $head =~ /^content-length: (\d+)/mi
                    && length($body) >= $1;
            sysread($socket, $text, 65536, length($text)) or last;
        }

        $socket->print("HTTP/1.1 204 X\r\nConnection: close\r\n\r\n");
        close($socket);
        $self->{heard}{$1} = $text if $text =~ /"(pay_\w{13})"/;
    }

    my ($head, $body) = split(/\r\n\r\n/, $self->{heard}{$id} // '', 2);

    $self->note($name, { headers => $head, body => $body // '', json => 1 });
}

# What is in Redis while shoppers are on their way

sub redis {
    my ($self) = @_;
    my $t = $self->{t};

    $t->redis('flushall');
    $t->identify($t->create());
    $t->checkout($t->create());
    $t->submit($t->unknown($t->create()), 'number',
               { country => 'FR', number => '0600000077' });
    $t->wait_for_pin('33600000077');
    $t->submit($t->unknown($t->create()), 'mo');

    my $mo = $t->follow($t->submit($t->unknown($t->create()), 'mo'));
    my ($code) = $mo->{body} =~ /\b(\d{6})\b/;

    $t->mo('33600000078', "yes $code");
    $t->wait_for_sms('33600000078');
    $t->api(POST => '/v1/eligibility', { amount => 499, currency => 'EUR',
            msisdn => '33670000033' });
    $t->api(GET => '/v1/payments/pay_0000000000001', undef,
            headers => ['X-Shared: redis']);

    # what a key is called after its kind may be any bytes

    $self->{public}->set('keys and their types', split(/\n/,
        $t->redis('eval', "local keys = redis.call('keys', '*')"
            . ' for i, key in ipairs(keys) do keys[i] ='
            . " string.match(key, '^%l+:%l+:') .. '... '"
            . " .. redis.call('type', key).ok end return keys", 0)));
    $self->{public}->done('redis', 'keys in Redis are as recorded');
}

# Lines of the log of t/public.t, which has every variable

sub variables {
    my ($self) = @_;
    my $t = $self->{t};
    my $log = "$t->{dir}/public.log";

    $self->settle();

    my $before = length(read_file($log));
    my $payment = $t->create();
    my $page = $t->follow($t->identify($payment,
        headers => ['X-MSISDN: 33600000079', 'X-MCCMNC: 20898']));

    $t->submit($page, 'confirm');
    $t->pay('33600000002');
    $t->unknown($t->create());
    $t->checkout($t->create(), msisdn => '33690001234');
    $t->api(POST => '/v1/eligibility', { amount => 499, currency => 'EUR',
            msisdn => '33670000031' });
    $t->api(GET => '/v1/payments/x', undef, headers => ['X-Limited: log'])
        for 1, 2;
    $self->settle();
    $t->wait_for(sub {
        my $text = substr(read_file($log), $before);
        return !grep { $text !~ m{"uri":"/egress/$_} }
               'sandbox/charges","status":201',
               'sandbox/charges","status":402', 'sandbox/lookups', 'sms',
               'webhook' }, 'every kind of line in the log');

    my @lines = split(/\n/, substr(read_file($log), $before));

    s/"operator_time":"\K[\d.]+/SECONDS/ for @lines;
    $self->{public}->set('lines of the log', @lines);
    $self->{public}->done('variables', 'variables are as recorded');
}

# Without the buckets, which t/metrics.t looks at.

sub metrics {
    my ($self) = @_;
    my $text = $self->{t}->get($self->{t}->url('tls', '/metrics'))->{body};

    $text =~ s/^\w+_bucket\{.*\n//gm;
    $text =~ s/^([^#].*) \S+$/$1 VALUE/gm;
    $text =~ s/worker="\d"/worker="N"/g;
    $self->{public}->text('metrics', $text);
    $self->{public}->done('metrics', 'metrics are as recorded');
}

sub outage {
    my ($self) = @_;
    my $t = $self->{t};
    my @order = (POST => '/v1/payments', $t->order());
    my @french = (headers => ['Accept-Language: fr']);
    my $payment = $t->create();
    my $page = $t->checkout($payment);
    my $form = $t->unknown($t->create());

    $t->stop_redis();
    $self->note('without Redis: a PIN', $t->api(
        POST => "/v1/payments/$payment->{id}/pin",
        { msisdn => '+33600000080' }));
    $self->note('without Redis: identify', $t->identify($payment));
    $self->note('without Redis: a tap', $t->submit($page, 'confirm'));
    $self->note('without Redis: a number', $t->submit($form, 'number',
        { country => 'FR', number => '0600000080' }, @french));

    my $health;

    $t->wait_for(sub {
        $health = $t->get($t->url('tls', '/healthz'));
        return $health->{body} =~ /degraded/ }, 'the health says "degraded"');
    $self->note('without Redis: health', $health);
    $t->start_redis();
    $t->wait_until_ready();

    $t->stop_postgres();
    $self->note('without PostgreSQL: a payment', $t->api(@order));
    $self->note('without PostgreSQL: a look',
                $t->api(GET => "/v1/payments/$payment->{id}"));
    $self->note('without PostgreSQL: eligibility', $t->api(
        POST => '/v1/eligibility', { amount => 499, currency => 'EUR',
                                     msisdn => '33600000001' }));
    $self->note('without PostgreSQL: a tap', $t->submit($page, 'confirm'));
    $self->note('without PostgreSQL: a tap, in French',
                $t->submit($page, 'confirm', {}, @french));
    $self->note('without PostgreSQL: a message of a phone',
                $t->mo('33600000080', 'STOP'));
    $self->note('without PostgreSQL: health',
                $t->get($t->url('tls', '/healthz')));
    $t->start_postgres();
    $t->wait_until_ready();
    $self->{public}->done('outage', 'an outage is told as recorded');
}

1;
