#!/usr/bin/perl

# The demo's shop and phones: what they show, what they send, and that nothing
# of it runs in a page or stands in a URL.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(urlencode);
use Carrierpay::Test::Services qw(command read_file reserve_ports root service
                                  write_file);
use Encode qw(decode encode);
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use Test::More;

my $t = Carrierpay::Test->start(gateway => 1, sms => 1, plain => <<'END');
        location / {
            proxy_pass        http://unix:@root@/shop/shop.sock;
            proxy_set_header  Host $http_host;
            proxy_set_header  X-Carrierpay-Identity $carrierpay_identity;
            proxy_set_header  X-Carrierpay-Operator $carrierpay_operator;
        }
END

my $shop = "$t->{root}/shop";
my $phone = "$t->{root}/phone";
my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
    or die "no port: $!\n";
my ($lock, $mail) = reserve_ports(1);

start_shop();

# The shop.

my $page = get('/');

is($page->{status}, 200, 'the shop is shown');
like($page->{header}{'content-security-policy'},
     qr/^default-src 'none'; style-src 'self'; script-src 'self';/,
     'the policy allows the own script alone');
like(text($page), qr/€4\.99.*€1\.99.*FCFA 1,500/s, 'the shop shows prices');
like(text($page), qr/on Wi-Fi/, 'a visitor on Wi-Fi is told so');
like(command('curl', '-s', '-x', "http://127.0.0.1:$t->{port}{gateway}",
             $t->url('plain', '/')),
     qr/mobile network of Demo France/,
     'a visitor through the gateway is a subscriber');
like(text(get('/', 'Accept-Language: fr-FR,fr')), qr/4,99 €/,
     'the shop speaks French to a French browser');
is(get('/?lang=fr')->{header}{'set-cookie'}, 'lang=fr; Path=/; SameSite=Lax',
   'the chosen language is kept in a cookie');
like(text(get('/', 'Cookie: lang=fr')), qr/Acheter/,
     'the language of the cookie is used');

for my $path (qw(/style.css /phone.js /logo.png /terms)) {
    is(get($path)->{status}, 200, $path);
}

is(get('/main.py')->{status}, 404, 'other files of the program are not found');

# A purchase, and what the shop shows of it.

my ($order) = $page->{body} =~ /name="order" value="(order-[0-9a-f]+)"/;
my %form = (order => $order, item => 'story', email => 'ana@example.org');
my $bought = post('/buy', %form);

is($bought->{status}, 303, 'a purchase redirects');
like($bought->{header}{location}, qr{/i/cs_},
     'a purchase redirects to the checkout');
is(post('/buy', %form)->{header}{location}, $bought->{header}{location},
   'the same form again leads to the same payment');
is(post('/buy', %form, item => 'none')->{status}, 502,
   'what is not sold is refused');

my $receipt = $t->tap($t->checkout(
    { next_action => { url => $bought->{header}{location} } }));
my ($id) = "$receipt->{headers}$receipt->{body}" =~ /payment=(pay_\w{13})/;

ok($id, 'the receipt leads back') or BAIL_OUT($receipt->{body});
$t->wait_for_webhook($id);
$page = get("/order?order=$order-story&payment=$id");
like(text($page), qr/Paid\. Enjoy it!.*payment\.succeeded.*right/s,
     'the order shows what the API and the webhook say');
unlike($page->{body}, qr/http-equiv/,
       'the page of an ended order does not refresh');
is(get("/order?order=order-0-story&payment=$id")->{status}, 404,
   'an order with the payment of another one is not found');
is(get('/order?order=x&payment=pay_0000000000000')->{status}, 404,
   'an order without a payment is not found');

# SMS of the sandbox gateway.

my $receipt_sms = $t->wait_for_sms('33600000001');

ok($t->wait_for(sub { state_of('receipt') eq 'd' }, 'a delivery report'),
   'the phone reports that the SMS came');
like(text(get('/phone')), qr/\Q$receipt_sms->{text}\E/,
     'the phone shows the SMS');
like(text(get('/phone')), qr/through the sandbox SMS gateway/,
     'the phone says which gateway brought the SMS');
unlike(text(get('/phone?phone=1')), qr/\Q$receipt_sms->{text}\E/,
       'another phone has another inbox');
is(mode("$phone/messages"), '0600',
   'the inbox can be read by its owner alone');

like(post('/phone/send', phone => 2, text => 'info')->{header}{location},
     qr{/phone\?phone=2$}, 'an answer from the phone is sent');
like($t->wait_for_sms('33600000003')->{text}, qr/STOP/,
     'the answer from the phone is answered');

my $hostile = '<script>alert(1)</script> "&" https://pay.example/a?b=c&d';

deliver('33600000002', $hostile);
$page = wait_for_text('/phone?phone=1', qr/alert/);
like($page->{body}, qr/&lt;script&gt;alert\(1\)&lt;/,
     'the text of an SMS is escaped');
unlike($page->{body}, qr/<script>/, 'the page has no script but its own');
like($page->{body},
     qr{<a href="https://pay\.example/a\?b=c&amp;d" rel="noreferrer">},
     'a link in an SMS can be opened');

# Requests from other sites.

is(post('/phone/send', phone => 0, text => 'no')->{status}, 303,
   'a form of the own origin is taken');

for my $foreign (['Origin: http://evil.example'], ['Origin: null'],
                 ['Sec-Fetch-Site: cross-site']) {
    is(post_with($foreign, '/phone/send', text => 'no')->{status}, 403,
       "a form with $foreign->[0] is refused");
}

is(command('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-H',
           'Host: evil.example', $t->url('plain', '/phone')), 403,
   'a request for another host name is refused');

# Mails.

command('curl', '-s', '--mail-from', 'receipts@pay.example', '--mail-rcpt',
        'ana@example.org', '-T', mail_file(), "smtp://127.0.0.1:$mail");
like(wait_for_text('/phone/mail', qr/Thanks/)->{body},
     qr/ana\@example\.org.*&lt;b&gt;/s, 'the mail is shown');

# The fake SMSC of Kannel has the phones as its one client.

service('stop_shop', $shop);
start_shop($listener->sockport());

my $line = $listener->accept();

$line->autoflush(1);
like(wait_for_text('/phone', qr/through Kannel/)->{body},
     qr/\Q@{[escape($receipt_sms->{text})]}\E/,
     'with Kannel the old messages are still shown');

$line->print("38888 33600000001 text Your code is 123456.\n\n"
             . "\@127.0.0.1 #123456\n"
             . '38888 33600000001 ucs-2 '
             . escaped(encode('UTF-16BE', 'Fête')) . "\n"
             . part(1, 'Of two parts: ê') . part(2, ', put together'));
$page = wait_for_text('/phone', qr/put together/);
like(text($page), qr/123456\.\n\n\@127\.0\.0\.1 #123456</,
     'a text of several lines is shown');
like(text($page), qr/>Fête</, 'a text in UCS-2 is shown');
like(text($page), qr/>Of two parts: ê, put together</,
     'a text of two parts is shown as one');

post('/phone/send', phone => 0, text => "Oui\r\n38888 1 text é");
is(decode('UTF-8', scalar(<$line>)),
   "33600000001 38888 text Oui 38888 1 text é\n",
   'the phone writes one line to Kannel');

close($line);
like(text(wait_for_text('/phone', qr/does not answer/)),
     qr/sandbox SMS gateway/,
     'without Kannel the page says that it does not answer');
service('stop_shop', $shop);

# Numbers and texts are in no URL, so they are in no log.

unlike(read_file("$t->{dir}/access.log") . $t->error_log(),
       qr/3?3?600000001|123456/, 'no log has a number or a text');

###############################################################################


sub start_shop {
    my ($kannel) = @_;
    my $program = "$shop/program";

    service('folder', $_) for $shop, $phone;
    command('install', '-d', $program);
    command('install', '-m', '644', glob(root() . '/conf/demo/shop/*.*'),
            $program);
    write_file("$shop/settings.json", JSON::PP->new->encode({
        socket => "$shop/shop.sock", shop => $t->url('plain', ''),
        gateway => "127.0.0.1:$t->{port}{gateway}",
        api => $t->url('tls', ''), ca => "$t->{root}/demo.crt",
        key => $t->{env}{CARRIERPAY_KEY},
        webhooks => "$t->{root}/receiver/webhooks.log", phone => $phone,
        sandbox => "$t->{root}/sms",
        callback => $t->url('plain', '/callback/sandbox/'),
        kannel => $kannel, mail => $mail }));
    service('own', "$shop/settings.json");
    service('start_shop', $shop);
}

sub get {
    my ($path, @headers) = @_;

    return $t->get($t->url('plain', $path), headers => \@headers);
}

sub post { return post_with([], @_) }

sub post_with {
    my ($headers, $path, %field) = @_;
    my %bytes = map { $_ => encode('UTF-8', $field{$_}) } keys(%field);

    return $t->post($t->url('plain', $path), body => urlencode(%bytes),
        headers => ['Content-Type: application/x-www-form-urlencoded',
                    @$headers]);
}

# The characters of a page, with plain spaces for no-break ones.

sub text {
    my ($answer) = @_;

    return decode('UTF-8', $answer->{body}) =~ tr/\x{a0}\x{202f}/  /r;
}

sub wait_for_text {
    my ($path, $pattern) = @_;
    my $answer;

    $t->wait_for(sub { ($answer = get($path))->{body} =~ $pattern },
                 "$path shows $pattern");

    return $answer;
}

sub state_of {
    my ($kind) = @_;

    return $t->value('select state from carrierpay.message where kind = ?',
                     $kind) // '';
}

sub mode {
    my ($file) = @_;

    return sprintf('%04o', (stat($file))[2] & 07777);
}

sub escape {
    my ($text) = @_;
    my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;',
                  '"' => '&quot;', "'" => '&#x27;');

    return encode('UTF-8', $text =~ s/([&<>"'])/$entity{$1}/gr);
}

# Writes what the gateway of the sandbox would.

sub deliver {
    my ($to, $text) = @_;

    open(my $file, '>>', "$t->{root}/sms") or die "sms: $!\n";
    print {$file} JSON::PP->new->utf8->encode({
        at => 0, id => 'ms', to => $to, from => '38888', text => $text,
        report => 'http://evil.example/', reference => 'sbx-1' }), "\n";
    close($file);
}

sub mail_file {
    write_file("$t->{root}/mail", join("\r\n", 'From: receipts@pay.example',
        'To: ana@example.org', 'Subject: Your receipt', '',
        'Thanks <b>', ''));

    return "$t->{root}/mail";
}

sub escaped {
    my ($bytes) = @_;

    return join('', map { sprintf('%%%02X', ord) } split(//, $bytes));
}

sub part {
    my ($number, $text) = @_;

    return '38888 33600000001 udh '
           . escaped(pack('C*', 5, 0, 3, 77, 2, $number)) . ' data '
           . escaped(encode('UTF-16BE', $text)) . "\n";
}
