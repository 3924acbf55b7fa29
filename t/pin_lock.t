#!/usr/bin/perl

# Wrong guesses: what strangers can do to a number and to each other, how its
# holder pays all the same, and what Redis loses.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sms => 1);
my $line = 33600003000;
my $place = 0;
my %LOCKED = (en => qr/cannot pay with a code for 24 hours/,
              fr => qr/ne peut plus payer avec un code pendant 24 heures/);
my %LOCKED_HERE = (
    en => qr/cannot pay with a code in this browser for 24 hours/,
    fr => qr/ne peut plus payer avec un code dans ce navigateur pendant 24/);

# The holder pays once, by a PIN on Wi-Fi: the browser gets a cookie.

my $number = number();
my ($page, $pin) = typed($number, '127.0.200.1');
my $paid = $t->submit($page, 'pin', { pin => $pin });
my $cookie = cookie($paid);

is($paid->{status}, 303, 'the holder pays with a PIN');
like($paid->{header}{'set-cookie'} // '',
     qr/^__Host-carrierpay=[\w-]{54};\ Path=\/;\ Secure;\ HttpOnly;
        \ SameSite=Strict;\ Max-Age=15552000$/x,
     'the browser gets a cookie that scripts and other sites do not see');
unlike($cookie // '', qr/$number/, 'the cookie does not tell the number');

# Two strangers with a payment each guess ten times.

my @strangers = map { [typed($number, "127.0.201.$_")] } 1, 2;
my $last;

for my $stranger (@strangers) {
    my ($form, $right) = @$stranger;

    for my $n (1 .. 5) {
        $form = $last = $t->submit($form, 'pin', { pin => wrong($right) });
    }

    next if $stranger == $strangers[1];

    like($form->{body}, qr/Too many wrong codes: this one is no longer good/,
         'the fifth wrong code is the last of its PIN');
    unlike($form->{body}, qr{action="[^"]*/pin"},
           'after the fifth wrong code there is no form for it');
    like($form->{body}, qr{action="[^"]*/resend"},
         'after the fifth wrong code another one can be asked for');

    my $soon = $t->submit($form, 'resend');

    unlike($soon->{body}, qr{action="[^"]*/pin"},
           'another code too soon brings no form back');
    like($soon->{body}, qr/no longer good/,
         'another code too soon: the page says why there is no form');
}

like($last->{body}, $LOCKED{en}, 'the tenth wrong code says that it locks');
like($last->{body}, qr/mobile\s+data, or by\s+sending an SMS/,
     'the tenth wrong code says which ways are left');
unlike($last->{body}, qr{action="[^"]*/(?:pin|resend)"},
       'the tenth wrong code leaves no form for codes');
like($last->{body}, qr{action="[^"]*/mo"}, 'the page offers an SMS');
is($t->charged(), 1, 'the strangers have charged nothing');

# No PIN of the number is sent or compared, at no merchant.

my $other = $t->admin('merchant', 'add', 'Other shop');

$t->admin('contract', 'add', $other, 'demo_fr', '--share=3000',
          '--fee=500');

my $key = $t->admin('key', 'add', $other);
my $order = $t->api(POST => '/v1/payments', $t->order(), key => $key)->{json};
my $refused = $t->api(POST => "/v1/payments/$order->{id}/pin",
                      { msisdn => "+$number" }, key => $key);

is("$refused->{status} $refused->{json}{code}", '429 pin_locked',
   'another merchant gets no PIN for the number');
cmp_ok($refused->{header}{'retry-after'}, '>', 86000,
       'another merchant is told that it takes a day');

for my $language (qw(en fr)) {
    my $typed = type($number, '127.0.202.1', locale => $language);

    is($typed->{status}, 422, "$language: the number is refused a code");
    like($typed->{body}, $LOCKED{$language}, "$language: the page says so");
}

# The holder pays: on mobile data, by SMS, and in that browser.

is($t->pay($number)->{status}, 'succeeded',
   'the holder of a locked number pays on mobile data');

my $payment = $t->create(locale => 'en');
my $waiting = $t->submit($t->unknown($payment, from => '127.0.203.1'), 'mo');
my ($code) = $t->follow($waiting)->{body} =~ /YES (\d{6})/;

$t->agree($number, "YES $code");
$paid = $t->submit($t->follow($waiting), 'confirm');
is($t->payment($payment->{id})->{status}, 'succeeded',
   'the holder of a locked number pays by answering an SMS');
is($paid->{header}{'set-cookie'}, undef,
   'an SMS proves the phone, not the browser, which gets no cookie');

my @own = (headers => ["Cookie: theme=dark; $cookie"]);

($page, $pin) = typed($number, '127.0.204.1', @own);
$page = $t->submit($page, 'pin', { pin => wrong($pin) }, @own);
like($page->{body}, qr/not the code in the SMS\. 4 tries/,
     'the browser in which it has paid may guess');
$page = $t->submit($page, 'pin', { pin => $pin }, @own);
is($page->{status}, 303,
   'the holder of a locked number pays in the browser in which it has paid');

# The cookie is of one number, and not to be made up.

my $neighbour = number();

lock_number($neighbour);

for my $case ([$cookie, "another number's cookie"],
              ['__Host-carrierpay=' . 'A' x 54, 'a made-up cookie'],
              [$cookie =~ s/(.)$/$1 eq 'A' ? 'E' : 'A'/er, 'a forged cookie'],
              ['__Host-carrierpay=', 'an empty cookie'],
              ["x$cookie", 'a cookie of another name']) {
    my ($brought, $what) = @$case;
    my $victim = $what =~ /number/ ? $neighbour : $number;

    like(type($victim, '127.0.205.1', headers => ["Cookie: $brought"])
         ->{body}, $LOCKED{en}, "$what does not help");
}

# Enrichment proves a line, too.

$number = number();
$payment = $t->create();
$paid = $t->submit($t->checkout($payment, msisdn => $number), 'confirm');
$cookie = cookie($paid);
ok($cookie, 'the tap of a recognised line gets the cookie');
is(cookie($t->submit($t->checkout($t->create(), msisdn => $number),
                     'confirm', {}, headers => ['Origin: https://x.test'])),
   undef, 'a tap that is refused gets none');
lock_number($number);
@own = (headers => ["Cookie: $cookie"]);
($page, $pin) = typed($number, '127.0.206.1', @own);
like($t->follow($t->submit($page, 'pin', { pin => $pin }, @own))->{body},
     qr/Paid\. Thank you/, 'the cookie of a recognised line helps');

# The browser has a counter of its own: ten of its wrong guesses stop it, and
# no stranger.

$number = number();
$cookie = cookie($t->submit($t->checkout($t->create(), msisdn => $number),
                            'confirm'));
@own = (headers => ["Cookie: $cookie"]);

for (1, 2) {
    ($page, $pin) = typed($number, '127.0.207.1', @own);

    for (1 .. 5) {
        $page = $t->submit($page, 'pin', { pin => wrong($pin) }, @own);
        $t->an_hour_passes();
    }
}

like($page->{body}, $LOCKED_HERE{en},
     'ten wrong guesses stop the browser, too');

for my $language (qw(en fr)) {
    my $typed = type($number, '127.0.207.2', locale => $language, @own);

    like($typed->{body}, $LOCKED_HERE{$language},
         "$language: a browser that is stopped is told that it is this one");
}

($page, $pin) = typed($number, '127.0.208.1');
is($t->submit($page, 'pin', { pin => $pin })->{status}, 303,
   'wrong guesses of such a browser do not lock the number');

# A visitor waits longer and longer, whatever number is guessed at.

for my $n (1 .. 4) {
    ($page, $pin) = typed(number(), '127.0.209.1');
    $page = $t->submit($page, 'pin', { pin => wrong($pin) });
}

my ($form, $right) = typed(number(), '127.0.209.1');

$page = $t->submit($form, 'pin', { pin => wrong($right) });
like($page->{body}, qr/4 tries are left/, 'the fifth wrong guess is compared');
$page = $t->submit($page, 'pin', { pin => $right });
is($page->{status}, 429, 'after five wrong guesses a visitor has to wait');
cmp_ok($page->{header}{'retry-after'}, '<=', 10,
       'the refusal says for how long');
like($page->{body}, qr/You can try again in \d+ seconds?\./,
     'the page says for how long');
like($page->{body}, qr{action="[^"]*/pin"}, 'the form is there for later');

my ($next, $theirs) = typed(number(), '127.0.209.2');

is($t->submit($next, 'pin', { pin => $theirs })->{status}, 303,
   'another visitor does not wait');
$t->an_hour_passes();
is($t->submit($page, 'pin', { pin => $right })->{status}, 303,
   'later the right code pays');

# No wait is longer than a PIN lives. What would be over by then has no form,
# but a new one can be asked for, and entered.

($page, $pin) = typed(number(), '127.0.209.1');

for (1 .. 4) {
    $t->an_hour_passes();
    $page = $t->submit($page, 'pin', { pin => wrong($pin) });
}

$number = number();
($page, $pin) = typed($number, '127.0.209.1');
$page = $t->submit($page, 'pin', { pin => $pin });
is($page->{status}, 429, 'after nine wrong guesses a visitor has to wait');
cmp_ok($page->{header}{'retry-after'}, '<=', 240,
       'the longest wait is shorter than the life of a code');
like($page->{body}, qr{action="[^"]*/pin"},
     'a code that outlives the wait has a form');

$t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
$page = $t->submit($page, 'pin', { pin => $pin });
like($page->{body}, qr/no longer be good when you may try again/,
     'a code that does not outlive the wait: the page says so');
unlike($page->{body}, qr{action="[^"]*/pin"},
       'a code that does not outlive the wait has no form');
$page = $t->submit($page, 'resend');
$pin = $t->wait_for_pin($number, 2);
$t->an_hour_passes();
is($t->submit($page, 'pin', { pin => $pin })->{status}, 303,
   'a code that was asked for during the wait pays after it');

# A thousand addresses have ten guesses at a number between them, as one has.

$number = number();

my @forms = map { [typed($number, "127.0.210.$_")] } 1 .. 12;
my $compared = $t->metric('carrierpay_pins_total{event="wrong"}');

$t->receive($_) for map {
    $t->submit_send($_->[0], 'pin', { pin => wrong($_->[1]) })
} @forms;
is($t->metric('carrierpay_pins_total{event="wrong"}') - $compared, 10,
   'of twelve strangers in twelve places ten guess');

# A PIN that Redis has lost is no wrong guess.

$number = number();
($page, $pin) = typed($number, '127.0.211.1');
lose('cp:pin:*', 'cp:pm:*');
$page = $t->submit($page, 'pin', { pin => $pin });
like($page->{body}, qr/cannot be checked any more\. Ask for a new one/,
     'a code that was lost: the page says so');
unlike($page->{body}, qr{action="[^"]*/pin"},
       'a code that was lost has no form any more');
is(failures(), 0, 'a code that was lost is not counted');
is($t->metric('carrierpay_pins_total{event="lost"}'), 1,
   'a code that was lost has a metric of its own');
$page = $t->submit($page, 'resend');
like($page->{body}, qr/A new code is on its way/,
     'another code comes at once');
$pin = $t->wait_for_pin($number, 2);
is($t->submit($page, 'pin', { pin => $pin })->{status}, 303,
   'the other code pays');

($page, $pin) = typed(number(), '127.0.211.2');
$t->redis('flushall');
like($t->follow($t->submit($page, 'pin', { pin => $pin }))->{body},
     qr/Your code could not be checked any more/,
     'when all was lost the page says so, too');

$number = number();
$payment = $t->create();
$t->api(POST => "/v1/payments/$payment->{id}/pin", { msisdn => "+$number" });
$pin = $t->wait_for_pin($number);
$t->redis('flushall');

my $answer = confirm($payment, $pin);

is("$answer->{status} $answer->{json}{code}", '422 pin_lost',
   'on a merchant\'s page a code that was lost is pin_lost');
is(failures(), 0, 'on a merchant\'s page it is not counted');
$answer = confirm($payment, $pin);
is("$answer->{status} $answer->{json}{code}", '422 pin_expired',
   'a code that was lost is over');
is(failures(), 0, 'guesses at a code that was lost are not compared');

# A mark that was lost gives one guess that is not counted, and ends the PIN.

$number = number();
$payment = $t->create();
$t->api(POST => "/v1/payments/$payment->{id}/pin", { msisdn => "+$number" });
$pin = $t->wait_for_pin($number);
lose('cp:pm:*');
is(confirm($payment, wrong($pin))->{json}{code}, 'pin_lost',
   'a wrong guess without a mark is pin_lost');
is(confirm($payment, $pin)->{json}{code}, 'pin_expired',
   'after a wrong guess without a mark the PIN is over');
is($t->charged($payment->{id}), 0,
   'a wrong guess without a mark charges nothing');

# Times of a PIN and its mark: the mark does not end first.

$number = number();
typed($number, '127.0.212.1');

my ($mark) = grep { /^cp:pm:/ } split(/\n/, $t->redis('--scan'));
my ($name) = grep { /^cp:pin:/ } split(/\n/, $t->redis('--scan'));

cmp_ok($t->redis('pexpiretime', $mark), '>=', $t->redis('pexpiretime', $name),
       'the mark of a PIN does not end before the PIN');

unlike($t->error_log(), qr/3600003\d|__Host/,
       'the error log has no number and no cookie');


###############################################################################


sub number { return ++$line }

# A number is typed, at an address.

sub type {
    my ($to, $from, %option) = @_;
    my $locale = delete($option{locale}) // 'en';
    my $order = $t->create(locale => $locale);
    my $form = $t->unknown($order, from => $from);

    return $t->submit($form, 'number', { country => 'FR', number => "+$to" },
                      %option);
}

# The page that asks for the PIN, and the PIN.

sub typed {
    my ($to) = @_;
    my $before = grep { $_->{text} =~ /code is \d{6}/ } $t->sms($to);
    my $form = type(@_);
    my @sent;

    $t->wait_for(sub {
        @sent = grep { $_->{text} =~ /code is \d{6}/ } $t->sms($to);
        return @sent > $before;
    }, "a PIN to $to");

    return ($form, ($sent[-1]{text} =~ /code is (\d{6})/)[0]);
}

# Two strangers lock a number.

sub lock_number {
    my ($to) = @_;

    for (1, 2) {
        my ($form, $right) = typed($to, '127.0.220.' . ++$place);

        $form = $t->submit($form, 'pin', { pin => wrong($right) }) for 1 .. 5;
    }
}

sub confirm {
    my ($order, $guess) = @_;

    return $t->api(POST => "/v1/payments/$order->{id}/confirm",
                   { pin => $guess });
}

sub wrong { return sprintf('%06d', ($_[0] + 1) % 1e6) }

sub cookie {
    my ($answer) = @_;

    return (($answer->{header}{'set-cookie'} // '') =~ /^([^;]+)/)[0];
}

# Redis loses what has these names.

sub lose {
    for my $pattern (@_) {
        my @keys = split(/\n/, $t->redis('--scan', '--pattern', $pattern));

        $t->redis('del', @keys) if @keys;
    }
}

# Guesses at the PIN that was asked for last.

sub failures {
    return $t->value('select count(*) from carrierpay.pin_failure'
        . ' where payment_id = (select max(payment_id) from carrierpay.pin)');
}
