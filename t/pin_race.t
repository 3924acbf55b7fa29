#!/usr/bin/perl

# Right and wrong guesses at a PIN, all at once, over and over: each payment is
# charged once. RACES says how many (make race: ten thousand).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use IO::Socket::SSL;
use JSON::PP ();
use List::Util qw(shuffle);
use Test::More;
use Time::HiRes qw(time alarm);

my $races = $ENV{RACES} // 2000;
my $batch = 100;                   # payments at once, two of them a number
my @kinds = qw(right wrong right wrong);
my $lanes = 4;                     # groups of connections, one for each guess

my $json = JSON::PP->new->utf8;
my $t = Carrierpay::Test->start(sms => 1,
                                tls => 'keepalive_requests 1000000;');
my @connections = map { connection() } 1 .. $lanes * @kinds;
my $read = 0;                      # bytes of the mailbox
my (%pin, %answers, @payments, @odd);
my $start = time();

while (@payments < $races) {
    my @round = round(scalar(@payments),
                      $races - @payments < $batch ? $races - @payments
                                                  : $batch);
    push(@payments, @round);
}

my $seconds = time() - $start;
my %charged;

$charged{$_->{reference}}++ for grep { $_->{what} eq 'charged' }
                                $t->operator_log();

diag(sprintf('%d races in %d s: %s', $races, $seconds,
     join(', ', map { "$answers{$_} $_" } sort(keys(%answers)))));

is(scalar(@payments), $races, "$races races were run");
is_deeply([grep { ($charged{$_} // 0) != 1 } @payments], [],
          'each payment is charged once');
is(scalar(keys(%charged)), $races, 'no other payment is charged');
is_deeply(\@odd, [], 'each guess is right, wrong, or late');
is($t->value("select count(*) from carrierpay.payment where state = 's'"),
   $races, 'all payments have succeeded');
is($t->value('select count(*) from carrierpay.consent'), $races,
   'each payment has one consent');
is($t->value('select count(*) from carrierpay.pin_failure'),
   $answers{'422 pin_wrong'} // 0, 'a guess is counted unless it was right');
ok($t->wait_for_messages(300), 'all messages are sent');
is($t->value('select count(*) from (select payment_id from carrierpay.message'
    . " where kind = 'receipt' and state = 's' group by 1"
    . ' having count(*) = 1) r'), $races, 'each payment has one receipt');
is($t->redis('eval', "return #redis.call('keys', 'cp:pin:*')", 0), 0,
   'no PIN is left in Redis');
is($t->redis('eval', "return #redis.call('keys', 'cp:pm:*')", 0), 0,
   'no mark of a PIN is left in Redis');

# Guesses that come at once are not more guesses.

my ($one) = create([499, '33600010001']);

order($one);
my $pin = $pin{"33600010001 $one->{amount}"};
my @got = guesses(map { [$one->{id}, wrong($pin)] } 1 .. 60);

is(scalar(grep { $_ eq '422 pin_wrong' } @got), 5,
   'of sixty guesses at once five are compared');
is(scalar(grep { $_ eq '422 pin_exhausted' } @got), 55,
   'the other fifty-five guesses are refused');
is((guesses([$one->{id}, $pin]))[0], '422 pin_exhausted',
   'the right PIN after sixty guesses is refused');

my @many = create(map { [500 + $_, '33600010002'] } 1 .. 6);

order(@many);
@got = guesses(map {
    my $payment = $many[$_ % 6];
    [$payment->{id}, wrong($pin{"33600010002 $payment->{amount}"})]
} 0 .. 59);

is(scalar(grep { $_ eq '422 pin_wrong' } @got), 9,
   'of sixty about one number nine are wrong');
is(scalar(grep { $_ eq '429 pin_locked' || $_ eq '422 pin_exhausted' } @got),
   51, 'the tenth locks the number, and the other guesses are refused');
is($t->value('select count(*) from carrierpay.pin_failure f'
             . ' join carrierpay.pin n on n.payment_id = f.payment_id'
             . ' where n.payment_id = any (?)',
             [map { Carrierpay::Test::private_id($_->{id}) } @many]), 10,
   'of sixty about one number ten are compared');
is((guesses([$many[0]{id}, $pin{"33600010002 $many[0]{amount}"}]))[0],
   '429 pin_locked', 'the right PIN of a locked number is refused');
is(scalar(grep { $charged{$_->{id}} || $t->charged($_->{id}) } $one, @many),
   0, 'guesses at once charge nothing');

close($_->{socket}) for @connections;


###############################################################################


# Payments of two amounts a number; returns their ids.

sub round {
    my ($first, $n) = @_;
    my @round = create(map {
        my $k = $first + $_;
        my $line = int($k / 2);

        [400 + $k % 2, sprintf('336%04d%04d', 1000 + $line / 9000,
                               1000 + $line % 9000)]
    } 0 .. $n - 1);

    order(@round);

    for my $payment (@round) {
        my $right = $pin{"$payment->{number} $payment->{amount}"};

        $payment->{guesses} = [map { $_ eq 'right' ? $right : wrong($right) }
                               @kinds];
    }

    race(@round);

    return map { $_->{id} } @round;
}

sub create {
    my (@wanted) = @_;
    my @answers = ask(map {
        my ($amount, $number) = @$_;
        request('/v1/payments', { amount => $amount, currency => 'EUR',
                                  description => 'Coins', locale => 'en',
                                  return_url => 'https://shop.example/r' })
    } @wanted);

    return map {
        my ($status, $body) = @{ $answers[$_] };
        die "not created: $status $body\n" if $status != 201;
        { id => $json->decode($body)->{id}, amount => $wanted[$_][0],
          number => $wanted[$_][1] }
    } 0 .. $#wanted;
}

# Sends the PINs, and reads them when they have all come.

sub order {
    my (@wanted) = @_;
    my @answers = ask(map {
        request("/v1/payments/$_->{id}/pin", { msisdn => "+$_->{number}" })
    } @wanted);

    for my $answer (@answers) {
        die "no PIN: @$answer\n" if $answer->[0] != 200;
    }

    $t->wait_for(sub {
        read_mailbox();
        return !grep { !$pin{"$_->{number} $_->{amount}"} } @wanted;
    }, 'all PINs have come');
}

sub read_mailbox {
    open(my $file, '<', "$t->{root}/sms") or return;
    seek($file, $read, 0);

    while (my $line = <$file>) {
        last if $line !~ /\n\z/;
        $read += length($line);

        my $sms = $json->decode($line);
        my ($code, $amount) = $sms->{text}
            =~ /code is (\d{6}) to pay \x{20ac}(\d+\.\d\d)/ or next;

        $pin{"$sms->{to} " . $amount * 100} = $code;
    }
}

sub wrong { return sprintf('%06d', ($_[0] + 1 + int(rand(999_998))) % 1e6) }

# Guesses at one payment go over connections of one lane, each at the same
# place in the line, so that they meet in the workers.

sub race {
    my (@round) = @_;
    my @queues = map { [] } @connections;

    for my $i (0 .. $#round) {
        my @order = shuffle(0 .. $#kinds);

        for my $k (0 .. $#kinds) {
            push(@{ $queues[$i % $lanes * @kinds + $k] },
                 confirm($round[$i]{id}, $round[$i]{guesses}[$order[$k]]));
        }
    }

    count(map { @$_ } pipelined(@queues));
}

sub guesses { return count(ask(map { confirm(@$_) } @_)) }

sub confirm {
    my ($id, $guess) = @_;

    return request("/v1/payments/$id/confirm", { pin => "$guess" });
}

# What was answered: "200 succeeded", "422 pin_wrong".

sub count {
    my @words = map {
        my ($status, $body) = @$_;
        my $said = eval { $json->decode($body) } // {};

        "$status " . ($said->{code} // $said->{status} // '?')
    } @_;

    for my $word (@words) {
        $answers{$word}++;
        push(@odd, $word)
            if $word !~ /^200 (?:succeeded|processing)$/
               && $word !~ /^422 pin_(?:wrong|lost|expired)$/;
    }

    return @words;
}

# Requests on connections that stay: spread over all of them, and the answers
# in the order of the requests.

sub ask {
    my (@requests) = @_;
    my @queues = map { [] } @connections;

    push(@{ $queues[$_ % @connections] }, $requests[$_]) for 0 .. $#requests;

    my @answers = pipelined(@queues);

    return map { shift(@{ $answers[$_ % @connections] }) } 0 .. $#requests;
}

sub pipelined {
    my (@queues) = @_;

    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm(60);

    for my $i (0 .. $#queues) {
        $connections[$i]{socket}->print(join('', @{ $queues[$i] }));
    }

    my @answers = map {
        my $i = $_;
        [map { answer($connections[$i]) } @{ $queues[$i] }]
    } 0 .. $#queues;

    alarm(0);

    return @answers;
}

sub request {
    my ($path, $body) = @_;
    my $text = $json->encode($body);

    return "POST $path HTTP/1.1\r\nHost: 127.0.0.1\r\n"
           . "Authorization: Bearer $t->{env}{CARRIERPAY_KEY}\r\n"
           . 'Idempotency-Key: race-' . ++$t->{keys} . "\r\n"
           . "Content-Type: application/json\r\n"
           . 'Content-Length: ' . length($text) . "\r\n\r\n$text";
}

sub answer {
    my ($connection) = @_;
    my $text = \$connection->{text};

    more($connection) while index($$text, "\r\n\r\n") < 0;

    my $head = substr($$text, 0, index($$text, "\r\n\r\n") + 4, '');
    my ($status) = $head =~ m{^HTTP/1\.1 (\d+)};
    my ($length) = $head =~ /^content-length: (\d+)/mi;

    die "no length: $head" if !defined($length);
    more($connection) while length($$text) < $length;

    return [$status, substr($$text, 0, $length, '')];
}

sub more {
    my ($connection) = @_;

    $connection->{socket}->sysread($connection->{text}, 65536,
                                   length($connection->{text}))
        or die "nginx has closed a connection\n";
}

sub connection {
    my $socket = IO::Socket::SSL->new(
        PeerAddr => '127.0.0.1', PeerPort => $t->{port}{tls}, Timeout => 60,
        SSL_hostname => 'localhost', SSL_ca_file => "$t->{root}/demo.crt",
        SSL_verifycn_name => '127.0.0.1', SSL_verifycn_scheme => 'http')
        or die "no connection: $SSL_ERROR\n";

    $socket->autoflush(1);

    return { socket => $socket, text => '' };
}
