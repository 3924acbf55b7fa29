package Carrierpay::Test::Public::Pages;

# Every page of the checkout, in one language, and every answer of its forms.

use strict;
use warnings;

use parent qw(Carrierpay::Test::Public::Shopper);

use Carrierpay::Test;

sub run {
    my ($public, $language) = @_;
    my $self = __PACKAGE__->new($public, $language);

    $self->begin_slow();
    $self->waiting();
    $self->unknown();
    $self->end_slow();
    $self->numbers();
    $self->confirm();
    $self->receipt();
    $self->pin();
    $self->message_of_phone();
    $self->ends();
    $self->barred();
    $self->elsewhere();
    $self->errors();
    $public->done("pages-$language", 'the pages in '
                  . ($language eq 'en' ? 'English' : 'French')
                  . ' are as recorded');
}

# What a stricter configuration answers; confirm_after is an hour by now, and
# a number gets one SMS.

sub strict {
    my ($public) = @_;

    for my $language (qw(en fr)) {
        my $self = __PACKAGE__->new($public, $language);
        my $page = $self->checkout($self->{t}->create(), $self->number(91));

        $self->note("$language: a tap too soon",
                    $self->submit($page, 'confirm'));

        for my $turn (1, 2) {
            my $typed = $self->submit($self->form(), 'number',
                { country => 'FR', number => '+' . $self->number(92) });

            $self->note("$language: SMS $turn to a number", $typed);
        }
    }

    $public->answer('SMS 3 to a number, by the API', $public->{t}->api(
        POST => '/v1/payments/' . $public->{t}->create()->{id} . '/pin',
        { msisdn => '+33610000092' }));
    $public->done('strict', 'a stricter configuration answers as recorded');
}

# The operator does not answer this one; that takes a while.

sub begin_slow {
    my ($self) = @_;

    $self->{silent} = $self->{t}->submit_send(
        $self->checkout($self->{t}->create(), $self->number(6)), 'confirm',
        {}, headers => $self->{headers});
}

sub end_slow {
    my ($self) = @_;
    my $answer = $self->{t}->receive($self->{silent});

    $self->note('a tap without an answer', $answer);
    $self->note('it is not known yet', $self->follow($answer));
}

sub unknown {
    my ($self) = @_;
    my $payment = $self->{t}->create();
    my $url = $self->token($payment);

    $self->note('the link of a payment', $self->page($url));

    my $page = $self->note('a shopper who was not recognised',
                           $self->form($payment));

    for my $why (qw(absent conflict duplicate fixed forged malformed no_agent
                    off_network other proxy relay stale unavailable untrusted
                    used vpn nonsense))
    {
        $self->{public}->difference("not recognised: $why", $page,
                                    $self->page("$url?n=$why"));
    }

    $self->note('a token that is none', $self->page("$url?t=" . 'A' x 22));
    $self->{public}->difference('a browser in Cameroon', $page, $self->{t}
        ->get($self->{t}->url('tls', "/pay/$url?n=absent"), headers =>
              ["Accept-Language: $self->{language}-CM"]));
    $self->note('no user agent', $self->page($url, agent => ''));
    $self->note('in a frame', $self->page($url,
        headers => ['Sec-Fetch-Dest: iframe']));

    my $other = $self->{language} eq 'en' ? 'fr' : 'en';

    $self->{public}->difference("a payment in the other language", $page,
        $self->form($self->{t}->create(locale => $other)));

    my $shy = $self->{t}->create(return_url => undef, currency => 'XAF',
                                 amount => 1500, description => "<b>'\"&");

    $self->{public}->difference('a payment with nowhere to return to', $page,
                                $self->form($shy));
}

sub numbers {
    my ($self) = @_;
    my $page = $self->form();

    for my $number ('', '12', '+4915112345678', '0680001234', '0690001234',
                    '0140000000')
    {
        $self->note("the number \"$number\" is typed",
            $self->submit($page, 'number',
                          { country => 'FR', number => $number }));
    }

    $self->note('no country is chosen', $self->submit($page, 'number',
        { country => '', number => '12' }));
    $self->note('a form from another site', $self->submit($page, 'number',
        { country => 'FR', number => '12' },
        headers => ['Origin: https://evil.example']));
}

sub confirm {
    my ($self) = @_;
    my $t = $self->{t};
    my $payment = $t->create();
    my $bounce = $self->bounce($payment, $self->number(1));

    $self->note('a shopper who was recognised', $bounce);

    my $page = $self->follow($bounce);

    $self->note('the page to confirm', $page);
    $self->note('its link a second time', $self->follow($bounce));
    $self->note('a tap from another site', $self->submit($page, 'confirm', {},
        headers => ['Sec-Fetch-Site: cross-site']));
    $self->note('a tap by a script', $self->submit($page, 'confirm', {},
        headers => ['Sec-Fetch-Site: same-origin'], agent => 'Mozilla/5.0'
        . ' (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0'));

    my $tap = $self->note('a tap', $self->submit($page, 'confirm'));

    $self->note('the receipt', $self->follow($tap));
    $self->note('a second tap', $self->submit($page, 'confirm'));
    $self->note('a receipt in the frame of the shop', $self->page(
        $self->token($payment), headers => ['Sec-Fetch-Dest: iframe']));
    $self->{public}->difference('the bill of an MVNO', $page,
        $self->checkout($t->create(), '33700001234'));
    $self->brand($page);
}

# What a merchant shows of itself

sub brand {
    my ($self, $page) = @_;
    my $t = $self->{t};
    my $show = sub {
        $self->{public}->difference($_[0], $page,
            $self->checkout($t->create(), $self->number(1)));
    };
    my ($kept) = $t->sql('select support, terms_url, colour, logo, frames'
                         . ' from carrierpay.merchant where id = 1');
    my $set = 'update carrierpay.merchant set support = ?, terms_url = ?,'
              . ' colour = ?, logo = ?, frames = ? where id = 1';

    $t->sql($set, (undef) x 5);
    $show->('a merchant who shows nothing');
    $t->sql($set, '+33 1 23 45', 'https://shop.example/t?a=1&b=2', 'ff7900',
            'data:image/png;base64,AA==', 'https://shop.example');
    $self->note('a merchant who shows all',
                $self->checkout($t->create(), $self->number(1)));
    $t->sql('update carrierpay.merchant set support = ? where id = 1', $_),
        $show->("whom to ask: $_")
            for 'https://shop.example/help', 'at the desk';
    $t->sql($set, @$kept);
}

sub receipt {
    my ($self) = @_;
    my $t = $self->{t};
    my $payment = $t->create();
    my $tap = $self->submit($self->checkout($payment, $self->number(2001)),
                            'confirm');
    my $receipt = $self->follow($tap);

    $self->note('an address that is none', $self->submit($receipt, 'mail',
        { email => 'nobody <' }));

    for my $n (1 .. 4) {
        my $sent = $self->submit($receipt, 'mail',
                                 { email => "a$n\@example.com" });

        $self->note("address $n", $sent);
        $self->note("address $n: the page", $self->follow($sent))
            if $n == 1 || $n == 4;
    }

    my $ask = $self->page($self->token($payment) . '/stop');

    $self->note('the page before a stop', $ask);
    $self->note('a stop from another site', $self->submit($ask, 'stop', {},
        headers => ['Origin: https://evil.example']));
    $self->note('a stop', $self->submit($ask, 'stop'));
    $self->note('a second stop', $self->submit($ask, 'stop'));
    $self->note('a line that is stopped',
                $self->checkout($t->create(), $self->number(2001)));
    $self->note('a stop of what is not paid',
                $self->page($self->token($t->create()) . '/stop'));
}

# The first correction is immediate, the next one is not.

sub mistyped {
    my ($self) = @_;
    my $payment = $self->{t}->create();
    my @answers = map {
        $self->submit($self->form($payment), 'number',
                      { country => 'FR', number => '+' . $self->number($_) })
    } 3002, 3005, 3006;

    $self->note('a mistyped number is corrected', $answers[1]);
    $self->note('a third number, too soon', $answers[2]);
}

sub wrong { return sprintf('%06d', ($_[0] + 1) % 1e6) }

sub pin {
    my ($self) = @_;
    my $t = $self->{t};
    my $number = $self->number(3001);
    my $payment = $t->create();
    my $page = $self->submit($self->form($payment), 'number',
                             { country => 'FR', number => "+$number" });
    my $pin = $t->wait_for_pin($number);

    $self->note('a number is typed', $page);
    $self->mistyped();
    $page = $self->note('another code too soon',
                        $self->submit($page, 'resend'));
    $page = $self->note('a code of five digits',
                        $self->submit($page, 'pin', { pin => '12345' }));

    for my $n (1 .. 5) {
        $t->an_hour_passes();
        $page = $self->note("wrong code $n", $self->submit($page, 'pin',
            { pin => wrong($pin) }));
    }

    $self->later(60);
    $page = $self->note('another code', $self->submit($page, 'resend'));

    my $second = $t->wait_for_pin($number, 2);

    $t->an_hour_passes();

    my $paid = $self->note('the right code', $self->submit($page, 'pin',
        { pin => $second }));

    $self->note('the receipt after a code', $self->follow($paid));
    $self->locked();
    $self->old_code();
}

sub locked {
    my ($self) = @_;
    my $t = $self->{t};
    my $number = $self->number(3011);
    my $page = $self->submit($self->form(), 'number',
                             { country => 'FR', number => "+$number" });

    for my $round (1, 2) {
        my $pin = $t->wait_for_pin($number, $round);

        for (1 .. 5) {
            $t->an_hour_passes();
            $page = $self->submit($page, 'pin', { pin => wrong($pin) });
        }

        $self->note("after five wrong codes, round $round", $page);
        $self->later(150);
        $page = $self->submit($page, 'resend') if $round == 1;
    }

    $self->note('a locked number is typed',
        $self->submit($self->form(), 'number',
                      { country => 'FR', number => "+$number" }));
}

sub old_code {
    my ($self) = @_;
    my $t = $self->{t};
    my $number = $self->number(3021);
    my $page = $self->submit($self->form(), 'number',
                             { country => 'FR', number => "+$number" });
    my $pin = $t->wait_for_pin($number);

    $self->later(300);
    $self->note('a code of five minutes ago',
                $self->submit($page, 'pin', { pin => $pin }));

    $number = $self->number(3022);
    $page = $self->submit($self->form(), 'number',
                          { country => 'FR', number => "+$number" });

    for my $n (2 .. 4) {
        $t->wait_for_pin($number, $n - 1);
        $self->later(150);
        $page = $self->submit($page, 'resend');
    }

    $self->note('the last code of a payment', $page);
}

sub message_of_phone {
    my ($self) = @_;
    my $t = $self->{t};
    my $form = $self->form();
    my $waits = $self->note('an SMS in place of a code',
                            $self->submit($form, 'mo'));
    my $page = $self->note('what to send', $self->follow($waits));
    my ($code) = $page->{body} =~ /\b(\d{6})\b/;
    my $confirm;

    $self->note('an SMS from where there is no short code', $self->submit(
        $form, 'mo', { country => 'CM' }));
    $self->{public}->set('the answer to the code', $t->agree(
        $self->number(4001), "yes $code") =~ s/\d{6}/CODE/r);
    $t->wait_for(sub {
        $confirm = $self->follow($waits);
        return $confirm->{body} =~ /data-state="confirm"/ },
                 'the page goes on');
    $self->note('the SMS has come', $confirm);
    $self->note('a tap after an SMS', $self->submit($confirm, 'confirm'));
}

sub waiting {
    my ($self) = @_;
    my $tap = $self->submit($self->checkout($self->{t}->create(),
                                            $self->number(8)), 'confirm');

    $self->note('a tap that has to be approved', $tap);
    $self->note('the page that waits for that', $self->follow($tap));
}

sub ends {
    my ($self) = @_;
    my $t = $self->{t};

    my $payment = $t->create();
    my $poor = sub { $self->checkout($payment, $self->number(2)) };
    my $tap = $self->submit($poor->(), 'confirm');

    $self->note('a tap that is declined', $self->follow($tap));
    $self->note('a page after a decline', $poor->());
    $self->note('the form for another number after a decline',
                $self->page($self->token($payment) . '?n=other'));
    $tap = $self->submit($poor->(), 'confirm') for 2 .. 5;
    $self->failures($payment, $self->note('a tap that is declined at last',
                                          $self->follow($tap)));
    $payment = $t->create();

    my $page = $self->checkout($payment, $self->number(1));
    my $form = $self->form($payment);

    $t->expire($payment->{id});
    $t->wait_for_status($payment->{id}, 'expired');
    $self->note('an expired payment', $self->page($self->token($payment)));
    $self->note('a tap on what has expired',
                $self->submit($page, 'confirm'));
    $self->note('a number for what has expired',
                $self->submit($form, 'number',
                              { country => 'FR',
                                number => '+' . $self->number(5001) }));
    $self->note('not to pay what has expired',
                $self->submit($form, 'cancel'));
}

# The page of each failure; most of them only a real operator says.

sub failures {
    my ($self, $payment, $page) = @_;
    my $t = $self->{t};
    my $id = Carrierpay::Test::private_id($payment->{id});

    for my $code (Carrierpay::Test::Public::failure_codes()) {
        $t->sql('update carrierpay.payment set failure_code = ?'
                . ' where id = ?', $code, $id);
        $self->{public}->difference("failed: $code", $page,
                                    $self->page($self->token($payment)));
    }

    my $canceled = $t->create();

    $self->note('not to pay',
                $self->submit($self->form($canceled), 'cancel'));
    $self->note('a payment that is canceled',
                $self->page($self->token($canceled)));
}

sub barred {
    my ($self) = @_;
    my $t = $self->{t};
    my $page = $self->checkout($t->create(), '33690001234');

    $self->note('the line of an MVNO that is barred', $page);
    $self->{public}->difference('a payment above the limit', $page,
        $self->checkout($t->create(amount => 5001), $self->number(1)));
    $self->{public}->difference('a payment below the fees', $page,
        $self->checkout($t->create(amount => 5), $self->number(1)));
    $self->{public}->difference('a payment in another currency', $page,
        $self->checkout($t->create(amount => 500, currency => 'XAF'),
                        $self->number(1)));

    my $seen = $self->checkout($t->create(), $self->number(5011));

    $t->admin_reads($self->number(5011), qw(subscriber block -));
    $self->note('a tap on a line that is blocked by then',
                $self->submit($seen, 'confirm'));
}

sub reverse_end { return $_[0] =~ s/(.)(.)$/$1 eq $2 ? 'AB' : "$2$1"/er }

# A tap from another network, and another line in the middle

sub elsewhere {
    my ($self) = @_;
    my $t = $self->{t};
    my $page = $self->checkout($t->create(), $self->number(6001));

    $self->note('a tap from another network', $self->submit($page, 'confirm',
        {}, from => '127.0.0.3'));
    $t->wait_for_pin($self->number(6001));

    $page = $self->submit($self->form(), 'number',
        { country => 'FR', number => '+' . $self->number(6004) });
    $self->note('a code in another browser', $self->submit($page, 'pin',
        { pin => $t->wait_for_pin($self->number(6004)) },
        agent => 'another'));

    my $payment = $t->create();

    $self->checkout($payment, $self->number(6002));
    $self->note('another line in the middle',
                $self->checkout($payment, $self->number(6003)));
}

sub errors {
    my ($self) = @_;
    my $t = $self->{t};
    my $token = $self->token($t->create());

    for my $case (['nothing', ''], ['a word', 'x'], ['half a link', 'cs_x'],
                  ['below a link', "$token/x"],
                  ['a forged link', reverse_end($token)])
    {
        $self->note("no such page: $case->[0]", $self->page($case->[1]));
    }

    $self->note('another method', $t->get($t->url('tls',
        "/pay/$token/confirm"), headers => $self->{headers}));

    for my $name (qw(confirm number pin resend mo mail cancel stop)) {
        $self->note("an empty form: $name", $t->post($t->url('tls',
            "/pay/$token/$name"), body => '', headers =>
            [@{ $self->{headers} },
             'Content-Type: application/x-www-form-urlencoded']));
    }

    $self->note('a form of another type', $t->post($t->url('tls',
        "/pay/$token/number"), body => '{}', headers =>
        [@{ $self->{headers} }, 'Content-Type: application/json']));
    $self->note('too large a form', $t->post($t->url('tls',
        "/pay/$token/number"), body => 'number=' . '1' x 5000, headers =>
        [@{ $self->{headers} },
         'Content-Type: application/x-www-form-urlencoded']));

    $self->page($token, headers => ["X-Limited: $self->{language}"]);
    $self->note('one request too many', $self->page($token,
        headers => ["X-Limited: $self->{language}"]));
}

1;
