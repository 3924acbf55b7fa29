#!/usr/bin/perl

# What we take for granted of Kannel, asked of the real one: how it is written
# to, what it calls with, and that conf/kannel.conf.example is right.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::HTTP qw(http);
use Carrierpay::Test::Kannel;
use IO::Select;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep);

plan skip_all => 'kannel is not installed: apt-get install kannel'
    if !Carrierpay::Test::Kannel->available();

# The test itself takes the place of carrierpay_callback.

my $listener = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1')
    or die "no port: $!\n";
my $base = 'http://127.0.0.1:' . $listener->sockport() . '/c/kannel/';
my $kannel = Carrierpay::Test::Kannel->start(callback => $base);
my $dlr = "X-Kannel-DLR-URL: ${base}dlr?m=msg_A-z_0.Q&d=%d&a=%A";


# A message goes out with everything in headers and body.

my $sent = sendsms("Code 123456\n\@pay.example #123456");

is($sent->{status}, 202, 'Kannel accepts a message');
is($sent->{body}, '0: Accepted for delivery',
   'Kannel says that it is accepted for delivery');

my $sms = $kannel->message(qr/Code/);

is($sms->{to}, '33600000001', 'the message has the number');
is($sms->{from}, '38888', 'the message has the sender');
is($sms->{text}, "Code 123456\n\@pay.example #123456",
   'the message has two lines of text');

my @reports = sort(map { $_->{uri} } call(), call());

is_deeply(\@reports, ["/c/kannel/dlr?m=msg_A-z_0.Q&d=1&a=",
                      "/c/kannel/dlr?m=msg_A-z_0.Q&d=8&a=ACK%2F"],
          'both reports come, with their escapes filled in');


# Alphabets and parts.

for my $case (
    ['all of one septet', "\xc3\xa9\xc3\x87\xce\x94", 0, 1],
    ['two septets', "\xe2\x82\xac[]", 0, 1],
    ['UCS-2', "\xc3\xaatre", 2, 1],
    ['a surrogate pair', "\xf0\x9f\x98\x80", 2, 1],
    ['160 septets', 'a' x 160, 0, 1],
    ['161 septets', 'b' x 161, 0, 2],
    ['70 units', "\xc3\xaa" x 70, 2, 1],
    ['71 units', "\xc3\xaa" x 71, 2, 2],
) {
    my ($name, $text, $coding, $parts) = @$case;

    is(sendsms($text, "X-Kannel-Coding: $coding")->{status}, 202,
       "$name: Kannel accepts it");

    my $got = $kannel->message(qr/^\Q$text\E$/);

    is($got && $got->{parts}, $parts,
       "$name: the text comes unchanged, in $parts parts");
    call() for 1 .. 2;                    # of all its parts together
}


# What is refused, and how.

is_deeply([@{ sendsms('x', 'X-Kannel-Password: wrong') }{qw(status body)}],
          [403, 'Authorization failed for sendsms'],
          'a wrong password is refused');
is(sendsms('x', 'X-Kannel-To: abc')->{status}, 400,
   'a number that is none is refused');
is(sendsms('x', 'X-Kannel-Validity: -5')->{status}, 400,
   'a negative validity is refused');


# Without its SMSC Kannel keeps a message, over a restart of smsbox as well.

$kannel->detach();
is(sendsms('later')->{body}, '3: Queued for later delivery',
   'without its SMSC Kannel queues a message');
$kannel->stop_smsbox();
$kannel->start_smsbox();
$kannel->attach();
ok($kannel->message(qr/^later$/),
   'the queued message is sent when the SMSC is back');
call() for 1 .. 2;


# SMS from phones.

$kannel->mo('33600000002', '38888', "STOP all \xc3\xa9t\xc3\xa9");
my $mo = call();

is($mo->{method}, 'POST', 'an MO comes by POST');
like($mo->{uri}, qr{^/c/kannel/mo\?id=[0-9a-f-]{36}$}, 'the MO has an id');
is($mo->{header}{'x-kannel-from'}, '33600000002', 'the MO has its sender');
is($mo->{header}{'x-kannel-to'}, '38888', 'the MO has its receiver');
is($mo->{header}{'content-type'}, 'text/plain; charset="UTF-8"',
   'the MO has its charset');
is($mo->{body}, "STOP all \xc3\xa9t\xc3\xa9", 'the MO has its text');

$kannel->mo('33600000002', '38888', 'twice');
my $first = call('503 Service Unavailable');
my $second = call();

is($second->{uri}, $first->{uri},
   'after a 503 the MO comes again with the same id');
is($second->{body}, 'twice', 'after a 503 the MO comes again with its text');

# Whatever the answer says, it does not become an SMS.

$kannel->mo('33600000002', '38888', 'quiet');
call('200 OK', 'an answer');
$kannel->mo('33600000002', '38888', 'missing');
call('400 Bad Request', 'an error') for 1 .. 2;
sleep(1);                              # so long such an SMS would take
is_deeply([grep { !$_->{seen} } $kannel->messages()], [],
          'no answer to an MO becomes an SMS');


# The reports that wait are in files: a restart loses none.

ok(-d "$kannel->{dir}/dlr", 'the reports that wait are kept in files');

unlike(join('', map { slurp("$kannel->{dir}/$_.log") } qw(bearerbox smsbox)),
       qr/123456|33600000001|a secret/,
       'neither number nor text nor password is in the logs');

$kannel->stop();
done_testing();


###############################################################################


sub sendsms {
    my ($text, @more) = @_;
    my %header = map { /^(.*?): / ? ($1 => $_) : () } (
        'X-Kannel-Username: ' . $kannel->username(),
        'X-Kannel-Password: ' . $kannel->password(), 'X-Kannel-From: 38888',
        'X-Kannel-To: 33600000001', 'X-Kannel-Coding: 0',
        'X-Kannel-Validity: 5', 'X-Kannel-DLR-Mask: 31', $dlr,
        'Content-Type: text/plain; charset=UTF-8', @more);

    return http('POST', $kannel->url(), body => $text,
                headers => [map { $header{$_} } sort(keys(%header))]);
}

# Waits for a call of Kannel's and answers it.

sub call {
    my ($status, $text) = @_;

    $status //= '200 OK';
    $text //= '';

    IO::Select->new($listener)->can_read(60) or die "nobody calls\n";

    my $socket = $listener->accept() or die "accept: $!\n";
    my $request = '';

    while ($request !~ /\r\n\r\n/
           || length($') < ($request =~ /^content-length: (\d+)/mi ? $1 : 0)) {
        sysread($socket, $request, 65536, length($request)) or last;
    }

    $socket->print("HTTP/1.1 $status\r\nContent-Type: text/plain\r\n"
                   . "Connection: close\r\n"
                   . 'Content-Length: ' . length($text) . "\r\n\r\n$text");
    close($socket);

    my ($head, $body) = split(/\r\n\r\n/, $request, 2);
    my ($first_line, @lines) = split(/\r\n/, $head);
    my ($method, $uri) = split(/ /, $first_line);

    return { method => $method, uri => $uri, body => $body,
             header => { map { my ($name, $value) = split(/: /, $_, 2);
                               lc($name) => $value } @lines } };
}

sub slurp {
    my ($name) = @_;

    open(my $file, '<', $name) or die "$name: $!\n";
    local $/;

    return scalar(<$file>);
}
