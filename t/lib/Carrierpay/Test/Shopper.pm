package Carrierpay::Test::Shopper;

# What merchants and shoppers do: requests, payments, pages, taps, and SMS from
# phones. Methods of Carrierpay::Test.

use strict;
use warnings;

use Carrierpay::Test::HTTP qw(http http_send http_receive form_fields
                              urlencode);
use Carrierpay::Test::Services qw(command);
use Carrierpay::Test::Wait qw($PATIENCE);
use JSON::PP ();

my $JSON = JSON::PP->new->utf8->canonical;

# Requests. url() takes 'plain', 'tls' or 'receiver'.

sub url {
    my ($self, $listener, $path) = @_;
    my $scheme = $listener eq 'tls' ? 'https' : 'http';

    return "$scheme://127.0.0.1:$self->{port}{$listener}$path";
}

# A GET is that of a browser's window, unless its headers say what else it is,
# or opened => 0: a client that says nothing.

sub window { return ('Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document') }

sub get {
    my ($self, $url, %option) = @_;
    my @headers = @{ delete($option{headers}) // [] };
    my $opened = delete($option{opened}) // 1;

    push(@headers, $self->window())
        if $opened && !grep { /^Sec-Fetch-(?:Mode|Dest):/i } @headers;

    return http('GET', $url, ca => "$self->{root}/demo.crt",
                headers => \@headers, %option);
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

# Three requests at once, as streams of one connection of HTTP/2; a line for
# each: version and status.

sub three_streams {
    my ($self, $path, $header) = @_;
    my @request = ('--http2', '--cacert', "$self->{root}/demo.crt", '-H',
                   $header, '-o', '/dev/null', '-w',
                   '%{http_version} %{http_code}\n',
                   $self->url('tls', $path));

    return command('curl', '--no-progress-meter', '--parallel', '--max-time',
                   $PATIENCE, @request, map { ('--next', @request) } 1, 2);
}

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

# A merchant charges a known subscriber, by the pseudonym. Takes fields of the
# order, and "idempotency" and "key" as api() does. Returns the answer.

sub charge_known {
    my $self = shift;

    return http_receive($self->charge_known_send(@_));
}

sub charge_known_send {
    my ($self, $subscriber, %field) = @_;
    my %option;

    for my $name (grep { exists($field{$_}) } qw(idempotency key)) {
        $option{$name} = delete($field{$name});
    }

    return $self->api_send(POST => '/v1/payments',
        $self->order(confirm => JSON::PP::true, subscriber => $subscriber,
                     %field), %option);
}

# A browser stays where it is: what follows an answer comes from the address
# that the answer went to, unless "from" says otherwise.

# The bounce over the operator's network; the answer redirects to HTTPS.

sub identify {
    my ($self, $payment, %option) = @_;

    return $self->get($payment->{next_action}{url}, from => '127.0.0.2',
        headers => ['X-MSISDN: ' . ($option{msisdn} // '33600000001')],
        %option);
}

sub checkout {
    my ($self, $payment, %option) = @_;

    return $self->follow($self->identify($payment, %option));
}

# The tap on the page's button; follows to the receipt.

sub tap_send {
    my ($self, $page, %option) = @_;
    my ($action, %field) = form_fields($page->{body});

    die "no form in: $page->{body}\n" if !defined($action);

    return http_send('POST', $self->url('tls', $action),
        headers => ['Content-Type: application/x-www-form-urlencoded'],
        body => urlencode(%field), ca => "$self->{root}/demo.crt",
        from => $page->{from}, %option);
}

sub tap {
    my ($self, $page, %option) = @_;
    my $answer = http_receive($self->tap_send($page, %option));
    my $location = $answer->{header}{location} // return $answer;

    return $answer if $location !~ m{/pay/};

    return $self->follow($answer);
}

# A form of a page, by the end of its action: its hidden fields and these. What
# comes is the answer; follow() goes to where it leads.

sub submit_send {
    my ($self, $page, $name, $field, %option) = @_;
    my ($form) = grep { m{^[^>]*\baction="[^"]*/$name"} }
                 split(/<form\b/, $page->{body});

    die "no form $name in: $page->{body}\n" if !defined($form);

    my ($action, %hidden) = form_fields("<form$form");

    return http_send('POST', $self->url('tls', $action),
        from => $page->{from}, %option,
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

    return $self->get($location, from => $answer->{from}, %option);
}

# The page for a line that was not recognised: it asks for a number.

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

# A subscriber of the demo merchant: a shopper who has paid once, and has
# agreed to later charges.

sub subscriber {
    my ($self, $msisdn, $max) = @_;

    return $self->pay($msisdn, $self->later($max))->{subscriber};
}

# The field of an order that asks for later charges of so much in a month.

sub later {
    my ($self, $max) = @_;

    return (later_charges => { max_per_month => $max // 100_000 });
}

# What was guessed at PINs was guessed an hour ago: a visitor may guess again.

sub an_hour_passes {
    my ($self) = @_;

    $self->sql('update carrierpay.pin_failure set at = at - 3600000');
}

# An SMS from a phone, as the gateway brings it.

sub mo { my $self = shift; return http_receive($self->mo_send(@_)) }

# A phone sends the code of a page, and then the payer's word, for which it was
# asked. Returns the SMS that asked.

sub agree {
    my ($self, $number, $text) = @_;
    my $before = $self->sms($number);

    $self->mo($number, $text);

    my $asked = $self->wait_for_sms($number, $before + 1)->{text};
    my ($word) = $asked =~ /\b(PAY(?:ER)? \d{6})\b/ or die "no word: $asked\n";

    $self->mo($number, $word);
    $self->wait_for_sms($number, $before + 2);

    return $asked;
}

sub mo_send {
    my ($self, $number, $text, $id) = @_;

    return http_send('POST', $self->url('plain', '/callback/sandbox/mo'),
        headers => ['Content-Type: application/json'],
        body => $JSON->encode({ id => $id // 'mo-' . ++$self->{keys},
                                from => $number, to => '38888',
                                text => $text }));
}

1;
