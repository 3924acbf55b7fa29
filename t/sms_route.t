#!/usr/bin/perl

# An SMS's way: by its operator's gateways in their order, later when none has
# taken it, never twice when one perhaps has; and what is left of those in
# flight when gateways, workers or nginx go.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(reserve_ports read_file write_file);
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my ($lock, $port) = reserve_ports(1);
my $json = JSON::PP->new->utf8;

# "second" never has a number that the sandbox refuses: it gets one digit more

my $t = Carrierpay::Test->start(sms => 1, operator => 'timeout 2s;',
    operator_sms => 'sms sandbox second; sms_from 38888;',
    http => join('', provider(second => 'sandbox', '9'),
                 provider(strict => 'sandbox'), provider(own => 'own'),
                 provider(short => 'sandbox', '9', 'parts 1;'),
                 provider(nowhere => 'nowhere')),
    egress => <<"END");
location /egress/sms_own {
    internal;
    proxy_pass http://127.0.0.1:$port/;
}

location /egress/sms_sandbox {
    internal;
    proxy_pass http://sandbox_operator/sms/;
}

location /egress/sms_nowhere {
    internal;
    proxy_pass http://127.0.0.1:9/;
}
END

my $own = "$t->{root}/own";
my $gateway;

mkdir($own);

# The first gateway that takes an SMS has it.

like(pin('33600000031')->{text}, qr/\d{6}/, 'the first gateway takes the SMS');
is(message('33600000031')->{provider}, 'sandbox',
   'the first gateway alone is asked');

is(pin('33600000021', '336000000219')->{to}, '336000000219',
   'the first gateway refuses: the second one has the SMS');
is(message('33600000021')->{provider}, 'second',
   'the first gateway refuses: the second one is the provider');
is(message('33600000021')->{state}, 's',
   'the first gateway refuses: the SMS is sent');

is(pin('33600000022', '336000000229')->{to}, '336000000229',
   'the first gateway is not available: the second one has the SMS');

# A gateway that does not answer has perhaps sent it: asking another one could
# send it twice.

pin('33600000023');
is(wait_state('33600000023', 'n')->{provider}, 'sandbox',
   'a gateway without an answer: the SMS was perhaps sent by it');
is(message('33600000023')->{body}, undef,
   'a gateway without an answer: the PIN is kept nowhere');
is(count('33600000023') + count('336000000239'), 1,
   'a gateway without an answer: no second SMS is sent');

route('nowhere second');
is(pin('33600000032', '336000000329')->{to}, '336000000329',
   'the first gateway is not there: the second one has the SMS');
is(message('33600000032')->{provider}, 'second',
   'the first gateway is not there: the second one is the provider');

route('short second');
$t->admin('merchant', 'set', 'Demo shop', '--name=' . "\xc3\xaa" x 30);
is(pin('33600000033', '336000000339')->{to}, '336000000339',
   'the SMS is too long for the first gateway: the second one has it');
is(message('33600000033')->{provider}, 'second',
   'the SMS is too long for the first gateway: the second one is the '
   . 'provider');
ok(message('33600000033')->{parts} > 1,
   'the SMS that is too long for the first gateway has parts');
$t->admin('merchant', 'set', "\xc3\xaa" x 30, '--name=Demo shop');

# No gateway takes the SMS.

route('sandbox strict');
order('33600000021');
is(wait_state('33600000021', 'f')->{provider}, undef,
   'all gateways refuse: the SMS has no provider');
is(due('33600000021'), undef,
   'all gateways refuse: no further attempt is due');
is(message('33600000021')->{body}, undef,
   'all gateways refuse: the PIN is kept nowhere');

order('33600000022');

my @waits;

for my $attempt (1 .. 4) {
    wait_for_attempt('33600000022', $attempt);

    my ($tries, $token, $wait) = @{ due('33600000022') };

    is($tries, $attempt, "attempt $attempt is counted");
    push(@waits, $wait);
    due_now() if $attempt < 4;
}

ok($waits[0] < 4 && $waits[1] > 2 && $waits[2] > 7 && $waits[3] > 30,
   "attempts come after longer and longer waits: @waits");
is(message('33600000022')->{state}, 'q', 'the SMS is queued between attempts');
isnt(message('33600000022')->{body}, undef,
     'the SMS has its PIN between attempts');

my ($deadline, $at) = @{ ($t->sql('select m.deadline, d.due_at from'
    . ' carrierpay.message m join carrierpay.message_due d'
    . ' on d.message_id = m.id order by m.id desc limit 1'))[0] };

ok($at <= $deadline, 'the next attempt is not later than the deadline');
$t->sql('update carrierpay.message m set deadline = m.at'
        . " where m.state = 'q'");
due_now();
is(wait_state('33600000022', 'x')->{provider}, undef,
   'an SMS after its deadline is not sent');
is(message('33600000022')->{body}, undef,
   'an SMS after its deadline: the PIN is kept nowhere');
is(due('33600000022'), undef,
   'an SMS after its deadline: no further attempt is due');
is(count('33600000022'), 0, 'an SMS after its deadline reaches no phone');


# A gateway is away, and comes back.

route('own');
order('33600000035');
wait_for_attempt('33600000035', 1);
is(message('33600000035')->{state}, 'q',
   'a gateway that is away: the SMS is queued');
start_gateway();
$t->wait_ok(sub { own('33600000035') == 1 },
            'a gateway that is back gets the SMS');
is(wait_state('33600000035', 's')->{provider}, 'own',
   'a gateway that is back is the provider');

for my $case (
    ['500', 'n', 'an error of his own'],
    ['302', 'n', 'a redirection'],
    ['0', 'n', 'half an answer'],
    ['401', 'q', 'a wrong password'],
    ['429', 'q', 'too many'],
    ['404', 'f', 'a refusal'],
) {
    my ($status, $state, $what) = @$case;
    my $number = '33600020' . sprintf('%03d', $status);

    mode("$status 0");
    order($number);
    $t->wait_for(sub { own($number) }, "$what: the gateway is asked");
    $t->wait_for(sub { message($number)->{state} eq $state
                       && !defined((due($number) // [])->[1]) },
                 "$what: the message is in state $state");
    is(message($number)->{state}, $state,
       "$what: the message is in state $state");
    is(own($number), 1, "$what: the gateway was asked once");
}

mode('202 0');
due_now();
ok($t->wait_for_messages(), 'the SMS that were queued are sent');

for my $status (401, 429) {
    is(own('33600020' . sprintf('%03d', $status)), 2,
       "$status: the SMS came through at the second attempt");
}

# The first gateway refuses, and the deadline is over before the second is
# asked.

route('nowhere');
order('33600000039');
wait_for_attempt('33600000039', 1);
$t->sql('update carrierpay.message_due set due_at = due_at + 60000');
route('own second');
mode('404 6');
$t->sql('update carrierpay.message set deadline = 5000'
        . ' + floor(extract(epoch from clock_timestamp()) * 1000)'
        . " where state = 'q'");
due_now();
wait_state('33600000039', 'x');
is(own('33600000039'), 1, 'a first gateway that took the time is asked');
is(count('336000000399'), 0,
   'the second gateway is not asked after the deadline');
route('own');

# A worker dies with an SMS in flight: it is sent once more, and never again.

mode('202 3');
order('33600000036');
$t->wait_ok(sub { own('33600000036') == 1 },
            'an SMS is in flight when the workers die');
$t->kill_workers();
is(message('33600000036')->{state}, 'q',
   'an SMS in flight when the workers died is queued');
mode('202 0');
due_now();
is(wait_state('33600000036', 's')->{provider}, 'own',
   'an SMS in flight when the workers died is sent once more');
is(own('33600000036'), 2,
   'an SMS in flight when the workers died is sent twice at most');

mode('202 3');
order('33600000037');
$t->wait_for(sub { own('33600000037') == 1 }, 'one is in flight');
$t->kill_workers();
due_now();
$t->wait_for(sub { own('33600000037') == 2 }, 'it is in flight again');
$t->kill_workers();
mode('202 0');
due_now();
is(wait_state('33600000037', 'n')->{body}, undef,
   'an SMS in flight in two deaths is unknown, and its PIN is gone');
sleep(2);                          # so long a third one would have taken
is(own('33600000037'), 2,
   'an SMS in flight in two deaths is not sent a third time');

# Reloads, and a graceful stop, with many SMS in flight.

mode('202 0.7');

my $subscriber = $t->subscriber('33600000038');
my @ids = charges(30);

ok($t->reload(), 'a reload while SMS are in flight');
push(@ids, charges(30));
ok($t->reload(), 'a second reload while SMS are in flight');
ok($t->wait_for_messages(), 'the SMS of two reloads are all sent');
once('reloads', @ids);

@ids = charges(40);
$t->wait_ok(sub { own('33600000038') > 65 },
            'SMS are in flight when nginx stops');
$t->stop_nginx();

my @left = $t->sql('select m.id from carrierpay.message_due d'
    . ' join carrierpay.message m on m.id = d.message_id'
    . ' where d.token is not null');

is(scalar(@left), 0, 'a graceful stop waits for the SMS in flight');
$t->start_nginx();
ok($t->wait_for_messages(), 'the other SMS are sent when nginx is back');
once('a stop', @ids);

kill('KILL', $gateway);
waitpid($gateway, 0);


###############################################################################


sub provider {
    my ($name, $location, $digit, $more) = @_;

    $digit //= '';
    $more //= '';

    return <<"END";
carrierpay_sms $name {
    dialect    sms_http;
    pass       /egress/sms_$location;
    timeout    8s;
    request    json '{"to":"{{to}}$digit","from":"{{from}}",
                      "text":"{{text}}","id":"{{id}}",
                      "report":"{{report}}"}';
    success    202;
    reference  id;
    report     id=m status=d delivered=1;
    mo_fields  from=from text=text;
    $more
}
END
}

sub route {
    my ($providers) = @_;

    $t->{option}{operator_sms} = "sms $providers; sms_from 38888;";
    write_file("$t->{dir}/nginx.conf", $t->configuration());
    $t->reload() or die "no reload\n";
}

# Orders a PIN for a payment.

sub order {
    my ($number) = @_;
    my $payment = $t->create();
    my $answer = $t->api(POST => "/v1/payments/$payment->{id}/pin",
                         { msisdn => "+$number" });

    $answer->{status} == 200
        or die "no PIN: $answer->{status} $answer->{body}\n";
    $t->{order}{$number} = Carrierpay::Test::private_id($payment->{id});

    return $payment;
}

sub pin {
    my ($number, $sent_to) = @_;

    order($number);
    my $sms = $t->wait_for_sms($sent_to // $number);
    $t->wait_for_messages();

    return $sms;
}

# The newest message of the number's last order.

sub message {
    my ($number) = @_;
    my ($row) = $t->sql('select state, provider, parts, body'
        . ' from carrierpay.message where payment_id = ?'
        . ' order by id desc limit 1', $t->{order}{$number});
    my %message;

    @message{qw(state provider parts body)} = @$row;

    return \%message;
}

sub wait_state {
    my ($number, $state) = @_;

    $t->wait_for(sub { message($number)->{state} eq $state },
                 "the message to $number is in state $state");
    is(message($number)->{state}, $state,
       "the message to $number is in state $state");

    return message($number);
}

# So many attempts have been made, and the last one has ended.

sub wait_for_attempt {
    my ($number, $attempt) = @_;

    $t->wait_for(sub {
        my $due = due($number) // [0];
        return $due->[0] >= $attempt && !defined($due->[1]);
    }, "attempt $attempt to $number has ended");
}

# Attempts, token, and seconds to the next attempt of the message; undef when
# it is over.

sub due {
    my ($number) = @_;
    my ($row) = $t->sql('select d.attempts, d.token, (d.due_at'
        . ' - extract(epoch from clock_timestamp()) * 1000) / 1000'
        . ' from carrierpay.message_due d'
        . ' join carrierpay.message m on m.id = d.message_id'
        . ' where m.payment_id = ? order by m.id desc limit 1',
        $t->{order}{$number});

    return $row;
}

sub due_now {
    $t->sql('update carrierpay.message_due set due_at = carrierpay.now_ms()');
    return;
}
sub count { return scalar($t->sms($_[0])) }

# So many charges of a merchant at once; each has a receipt.

sub charges {
    my ($n) = @_;
    my @sent = map { $t->charge_known_send($subscriber) } 1 .. $n;

    return map { $t->receive($_)->{json}{id} } @sent;
}

sub once {
    my ($what, @payments) = @_;
    my %times;

    $times{$_}++ for map { $_->{text} =~ /(pay_\w+)/ } own_messages();

    is(scalar(grep { !defined } @payments), 0,
       "$what: all payments were charged");
    is_deeply([grep { ($times{$_} // 0) != 1 } @payments], [],
              "$what: each receipt was sent once");
}

# A gateway of our own, in a process of its own. It keeps what it is asked,
# waits and answers as the file "mode" says: status (0 is half an answer) and
# seconds.

sub mode { write_file("$own/mode", $_[0]) }

sub own_messages {
    my $text = eval { read_file("$own/log") } // '';

    return map { $json->decode($_) } split(/\n/, $text);
}

sub own { return scalar(grep { $_->{to} eq $_[0] } own_messages()) }

sub start_gateway {
    my $listener = IO::Socket::INET->new(
        Listen => 64, LocalAddr => '127.0.0.1', LocalPort => $port,
        ReuseAddr => 1) or die "port $port: $!\n";

    mode('202 0');
    $gateway = fork() // die "fork: $!\n";

    if ($gateway == 0) {
        local $SIG{CHLD} = 'IGNORE';

        while (1) {
            my $client = $listener->accept() or next;
            my $child = fork();

            if (defined($child) && $child == 0) {
                eval { serve($client) };
                POSIX::_exit(0);
            }

            close($client);
        }
    }

    close($listener);
}

sub serve {
    my ($client) = @_;
    my $request = '';

    while ($request !~ /\r\n\r\n/
           || length($') < ($request =~ /^content-length: (\d+)/mi ? $1 : 0)) {
        sysread($client, $request, 65536, length($request)) or last;
    }

    my ($head, $body) = split(/\r\n\r\n/, $request, 2);
    my ($status, $delay) = split(' ', read_file("$own/mode"));

    open(my $log, '>>', "$own/log") or die "log: $!\n";
    syswrite($log, $json->encode($json->decode($body)) . "\n");
    sleep($delay);
    print $client $status ? "HTTP/1.1 $status X\r\nConnection: close\r\n"
        . "Content-Length: 10\r\n\r\n{\"id\":\"1\"}"
        : "HTTP/1.1 202 X\r\nContent-Length: 10\r\n\r\n{\"i";
    close($client);
}
