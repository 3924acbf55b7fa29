#!/usr/bin/perl

# A form leads to a page that is got: Back and a reload send nothing again. It
# is for one browser, by a cookie; a link alone shows nothing of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, confirm_after => '1h',
    http => 'carrierpay_smtp host=127.0.0.1 port=1 tls=off'
            . ' from=receipts@pay.example;');

# Browsers keep a cookie for each payment; dora's is on the operator's network.

my %jar;
my %from = (dora => '127.0.0.2');

sub cookies {
    my ($browser, $url) = @_;
    my ($id) = $url =~ m{/(cs_[\w-]+)};
    my $cookie = $jar{$browser}{$id};

    return (from => $from{$browser} // '127.0.0.1',
            headers => [defined($cookie) ? "Cookie: a=b; $cookie" : ()]);
}

sub keep {
    my ($browser, $answer) = @_;

    $jar{$browser}{$2} = $1
        if $answer->{headers} =~ m{^Set-Cookie: ([^;]+); Path=/pay/(\S+);}m;

    return $answer;
}

# Goes to where a link leads, over its redirects.

sub look {
    my ($browser, $url) = @_;

    for (1 .. 4) {
        my $answer = keep($browser, $t->get($url, cookies($browser, $url)));
        my $location = $answer->{header}{location} // return $answer;

        $url = $location =~ m{^/} ? $t->url('tls', $location) : $location;
    }

    die "too many redirects: $url\n";
}

# Sends a form; the answer, and the page that it leads to.

sub send_form {
    my ($browser, $page, $name, $field) = @_;
    my ($url) = $page->{body} =~ m{action="([^"]*/$name)"} or die "no $name\n";
    my $answer = $t->submit($page, $name, $field, cookies($browser, $url));

    return ($answer, look($browser, $t->url('tls',
                                     $answer->{header}{location} // $url)));
}

sub link_of { return $_[0]{next_action}{url} }

# The cookie.

my $payment = $t->create();
my $page = look(anne => link_of($payment));
my ($id) = link_of($payment) =~ m{/(cs_[\w-]+)$};
my $cookie = $jar{anne}{$id};

like($cookie, qr/^__Secure-browser=[\w-]{22}$/, 'a page gives a cookie');
look(anne => link_of($payment));
is($jar{anne}{$id}, $cookie, 'a browser that has the cookie keeps it');

# A number that cannot be one.

my ($answer, $shown) = send_form(anne => $page, 'number',
                                 { country => 'FR', number => '0612' });

is($answer->{status}, 303, 'a form is answered with a redirect');
is($answer->{header}{location}, "/pay/$id?v=1",
   'the redirect has neither number nor token');
is($shown->{status}, 422, 'the page that it leads to says so');
like($shown->{body}, qr/belongs to no operator.*value="0612"/s,
     'the page says what is wrong, and keeps what was typed');
like($shown->{body}, qr{<title>Error: .* – Demo shop, €4\.99</title>},
     'its title says so, with merchant and price');

my $here = $t->url('tls', "/pay/$id?v=1");

is(look(anne => $here)->{body}, $shown->{body}, 'a reload shows it again');
unlike(look(bert => $here)->{body}, qr/0612/,
       'another browser with the link sees nothing of it');
unlike(look(anne => link_of($payment))->{body}, qr/role="alert"/,
       'the link opened again has no error');

# A right one.

($answer, $page) = send_form(anne => $shown, 'number',
                             { country => 'FR', number => '06 00 00 04 01' });
is("$answer->{status} $answer->{header}{location}", "303 /pay/$id?v=1",
   'a right number is answered likewise');
is($page->{status}, 200, 'the page of the PIN is shown');

my $number = '+33 6 00 00 04 01';

like($page->{body}, qr/\Q$number\E/, 'it shows the number that was typed');
like(look(anne => link_of($payment))->{body}, qr/\Q$number\E.*Code from/s,
     'the link opened again leads to the page of the PIN');
unlike(look(bert => link_of($payment))->{body}, qr/Code from/,
       'not in another browser');
unlike($t->redis('get', 'cp:fr:' . $cookie =~ s/.*=//r), qr/0000|3360/,
       'what the form came to is stored sealed');

my $code = $t->wait_for_pin('33600000401');
my $wrong = sprintf('%06d', ($code + 1) % 1000000);

# The page of the PIN does not work elsewhere.

$jar{bert}{$id} = '__Secure-browser=' . 'A' x 21 . 'Q';

for my $browser (qw(bert carl)) {
    is($t->submit($page, 'pin', { pin => $code },
                  cookies($browser, "/pay/$id"))->{header}{location},
       "/pay/$id?n=lost",
       'the form from another browser, same agent: refused');
    is($t->charged($payment->{id}), 0, 'and nothing is charged');
}

# A page that was used up leads to a new identification; another number, too.

$page = look(anne => $t->url('tls', "/pay/$id?n=other"));
like($page->{body}, qr/value="06 00 00 04 01"/,
     'the number that was typed can be corrected');
($answer, $page) = send_form(anne => $page, 'number',
                             { country => 'FR', number => '06 00 00 04 02' });
is($page->{status}, 200, 'the first correction is immediate');
$code = $t->wait_for_pin('33600000402');
$wrong = sprintf('%06d', ($code + 1) % 1000000);

my $third = look(anne => $t->url('tls', "/pay/$id?n=other"));

($answer, $third) = send_form(anne => $third, 'number',
                              { country => 'FR', number => '06 00 00 04 03' });
is($answer->{status}, 303, 'a third number is answered likewise');
ok(!defined($answer->{header}{'retry-after'}),
   'the redirect itself is not to be waited for');
is($third->{status}, 429, 'a third number has to wait');
like($third->{body}, qr/to another number\. You can ask again in \d+ seconds/,
     'the page says for how many seconds');
ok($third->{header}{'retry-after'} > 30, 'and so does the header');

# The PIN.

($answer, $page) = send_form(anne => $page, 'pin', { pin => $wrong });
is($answer->{status}, 303, 'a wrong PIN is answered with a redirect');
like($page->{body}, qr/not the code in the SMS\. 4 tries are left/,
     'the page says how many tries are left');
is(look(anne => $here)->{body}, $page->{body}, 'a reload takes no try');
($answer, $page) = send_form(anne => $page, 'pin', { pin => '12' });
like($page->{body}, qr/The code has six digits/,
     'what is no PIN is told on a page of its own, too');
($answer, $page) = send_form(anne => $page, 'resend');
is($answer->{status}, 303, 'another PIN is asked for: a redirect');
like($page->{body}, qr/A code was sent a moment ago/,
     'the page says that one is out');
like($page->{body}, qr/data-wait="\d\d"/, 'and when there may be another');
($answer, $page) = send_form(anne => $page, 'pin', { pin => $code });
is($answer->{header}{location}, "/pay/$id", 'the right PIN leads on');
like($page->{body}, qr/Paid\. Thank you!/, 'to the receipt');
is($t->charged($payment->{id}), 1, 'it is charged once');

# What a receipt offers.

($answer, $shown) = send_form(anne => $page, 'mail', { email => 'nobody' });
is($answer->{status}, 303, 'a wrong address is answered with a redirect');
like($shown->{body}, qr/like name\@.{3}example\.com\..*value="nobody".*4\.99/s,
     'the error and its field come before the price');
unlike(look(anne => link_of($payment))->{body}, qr/nobody/,
       'the receipt opened again has no error');

my $stop = look(anne => $t->url('tls', "/pay/$id/stop"));

($answer, $shown) = send_form(anne => $stop, 'stop');
is($answer->{header}{location}, "/pay/$id?v=1",
   'a block is answered with a redirect');
like($shown->{body}, qr/Purchases are blocked.*Return to <bdi>Demo shop/s,
     'the page says so, and leads back to the shop');
like(look(anne => link_of($payment))->{body}, qr/Paid\. Thank you!/,
     'the receipt is there still');

# A tap that came too early, on a page of an identified line.

my $early = $t->create();
my $bounce = $t->identify($early);

$page = look(dora => $bounce->{header}{location});
($answer, $shown) = send_form(dora => $page, 'confirm');
is($answer->{status}, 303, 'a tap that came too early: a redirect');
like($shown->{body}, qr/Confirm your payment.*That was very quick.*\+33\*+01/s,
     'the page asks once more, with the number masked');

# Without Redis.

$t->stop_redis();
is(look(anne => link_of($payment))->{status}, 200,
   'a receipt needs no Redis, cookie or not');
$t->start_redis();

# Nothing of it is logged.

my ($token) = $cookie =~ /=(.*)/;

unlike(read_file("$t->{dir}/error.log") . read_file("$t->{dir}/access.log"),
       qr/\Q$token\E|600000401|0612\b/,
       'neither token nor number is in a log');
