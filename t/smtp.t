#!/usr/bin/perl

# A mail server with faults: what is sent, tried again or given up; that a
# worker waits for nothing, and that no mail is lost or comes twice that is
# certain not to have been taken.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Smtp;
use Carrierpay::Test::Services qw(read_file service write_file);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);

my %login = (user => 'pay', password => 'open sesame');
my $smtp = Carrierpay::Test::Smtp->start(tls => 'starttls', %login);
my $t = Carrierpay::Test->start(
    http => 'carrierpay_smtp ' . $smtp->parameters() . ' timeout=30s;');
my $to = 'shopper@example.com';

# One payment, whose receipt is asked for again and again below.

my $id = $t->pay('33600000001', receipt_email => $to)->{id};

$t->wait_ok(sub { $smtp->count() == 1 }, 'the receipt comes');

my ($mail) = $smtp->mails();

is_deeply([@$mail{qw(from to ehlo user tls)}],
          ['receipts@pay.example', [$to], 'pay.example', 'pay',
           JSON::PP::true], 'the mail comes within TLS and after a log-in');

# Queues so many more receipts; returns the ids of their messages.

sub queue {
    my ($count) = @_;

    return map { $_->[0] } $t->sql('select m.id, carrierpay.message_add(m.id,'
        . " 'm', 'receipt', 86400000, p.id, p.merchant_id, p.operator,"
        . ' p.locale, null, p.email, null) from carrierpay.payment p,'
        . ' generate_series(1, ?) i, lateral (select i +'
        . ' (select max(id) from carrierpay.message) as id) m'
        . ' where p.id = ?', $count, Carrierpay::Test::private_id($id));
}

# How many attempts had this result.

sub counted {
    my ($result) = @_;

    return $t->metric("carrierpay_mails_total{result=\"$result\"}");
}

sub results { return { map { $_ => counted($_) } qw(sent failed refused
                                                    unknown busy) } }

# Queues one more; returns the result of its attempt. It is not tried again.

sub attempt {
    my $before = results();
    my ($message) = queue(1);
    my @ended;

    $t->wait_for(sub {
        my $now = results();
        @ended = grep { $now->{$_} > $before->{$_} } keys(%$now);
        return @ended;
    }, 'the attempt has ended');
    forget($message);

    return "@ended";
}

sub forget {
    my (@messages) = @_;

    $t->wait_for(sub {
        $t->sql('delete from carrierpay.message_due where token is null'
                . ' and message_id = any (?)', \@messages);
        return !$t->value('select count(*) from carrierpay.message_due'
                          . ' where message_id = any (?)', \@messages);
    }, 'the messages are not due any more');
}

sub all_sent {
    my (@messages) = @_;

    return $t->wait_for(sub {
        $t->sql('update carrierpay.message_due'
                . ' set due_at = carrierpay.now_ms()'
                . ' where token is null');
        return @messages == $t->value('select count(*)'
            . " from carrierpay.message where state = 's' and id = any (?)",
            \@messages);
    }, @messages . ' mails are sent', 300);
}

# How often the mails have come: "1" when each has come once.

sub copies {
    my %copies;

    $copies{$_->{text} =~ /^Message-ID: (\S+)/m ? $1 : ''}++
        for $smtp->mails();

    return join(' ', sort(keys(%{ { map { $_ => 1 } values(%copies) } })));
}

# The processor time of the workers, in hundredths of a second.

sub worked {
    my $ticks = 0;

    for my $pid ($t->workers()) {
        my @stat = split(' ', read_file("/proc/$pid/stat") =~ s/.*\) //sr);

        $ticks += $stat[11] + $stat[12];
    }

    return $ticks;
}

# The seconds that a mail may take: few where the server does not answer, many
# where it does. A mail that is too late is unknown, and not sent again.

sub allow {
    my ($seconds) = @_;

    configure($smtp->parameters(), $seconds);
}

sub configure {
    my ($parameters, $seconds) = @_;

    $t->{option}{http} = "carrierpay_smtp $parameters timeout=${seconds}s;";
    write_file("$t->{dir}/nginx.conf", $t->configuration());
    $t->reload();
}

# What the server says, and what becomes of the mail. The worker that waits
# for it answers meanwhile.

for my $case (
    [ok            => 'sent'],
    [slow          => 'sent'],
    [once          => 'sent'],
    [greylist      => 'failed'],
    [sender        => 'failed'],
    [refuse        => 'refused'],
    [data          => 'refused'],
    [greylist_text => 'failed'],
    [refuse_text   => 'refused'],
    [cut           => 'unknown'],
    [lose          => 'unknown'],
    [garbage       => 'unknown'],
    [greeting      => 'failed'],
) {
    my ($mode, $result) = @$case;

    $smtp->mode($mode);
    is(attempt(), $result, "$mode: $result");
}

allow(2);
$smtp->mode('mute');
is(attempt(), 'failed', 'mute: failed');
$smtp->mode('hang');
is(attempt(), 'unknown', 'hang: unknown');

my $before = $smtp->count();
my @hanging = queue(8);

$t->wait_for(sub { $smtp->count() >= $before + 8 }, 'eight mails hang');

my $worked = worked();

sleep(1);                          # a second in which nothing is to be done
cmp_ok(worked() - $worked, '<', 20,
       'a worker that waits for a hanging server sleeps');

for my $turn (1 .. 8) {
    my $start = time();
    my $answer = $t->get($t->url('tls', '/healthz'));

    is($answer->{status}, 200,
       'a worker that waits for a hanging server answers requests');
    cmp_ok(time() - $start, '<', 1,
           'a worker that waits for a hanging server answers at once');
}

$t->wait_for(sub {
    8 == $t->value("select count(*) from carrierpay.message where state = 'n'"
                   . ' and id = any (?)', \@hanging);
}, 'eight mails of which nobody knows');
is_deeply([$t->sql('select carrierpay.message_state(m.state)'
    . ' from carrierpay.message m where id = any (?) group by 1', \@hanging)],
    [['unknown']],
          'mails to a hanging server are unknown, and not sent again');

# A thousand mails go over a few connections, one after the other.

allow(30);
$smtp->mode('ok');
$smtp->forget();

my @messages = queue(1000);

ok(all_sent(@messages), 'a thousand mails are sent');
is($smtp->count(), 1000, 'a thousand mails have come');
is(copies(), '1', 'each of a thousand mails has come once');
cmp_ok(scalar(grep { !$_->{of_connection} } $smtp->mails()), '<', 100,
       'a thousand mails came over a few connections');
is(counted('busy'), 0,
   'no mail of a thousand was turned away by a full queue');

# A server closes the connection after each mail, and one is killed.

$smtp->mode('leave');
$smtp->forget();
ok(all_sent(queue(1)),
   'a mail after a connection that was closed is sent') for 1 .. 5;
$smtp->stop();
is(attempt(), 'failed', 'a mail without a server: the attempt fails');
$smtp->start_again();
$smtp->mode('slow');
$smtp->forget();
@messages = queue(60);

for my $turn (1 .. 3) {
    my $count = $smtp->count();

    $t->wait_for(sub { $smtp->count() > $count + 3 }, 'more mails');
    $smtp->stop();
    $smtp->start_again();
}

$t->wait_for(sub {
    $t->sql('update carrierpay.message_due'
            . ' set due_at = carrierpay.now_ms()'
            . ' where token is null');
    return !$t->value('select count(*) from carrierpay.message_due');
}, 'no mail is due any more');
is(copies(), '1', 'no mail came twice from a server that was killed');
is_deeply([$t->sql('select carrierpay.message_state(m.state)'
    . ' from carrierpay.message m where id = any (?) and m.state not in'
    . " ('s', 'n') group by 1", \@messages)], [],
          'no mail was given up while the server was killed');

my ($sent) = $t->value("select count(*) from carrierpay.message where"
    . " state = 's' and id = any (?)", \@messages);

cmp_ok($smtp->count(), '>=', $sent,
       "$sent mails were sent while the server was killed, and have come");

# Reloads, and a stop: a worker that leaves ends its mails.

allow(10);                         # less than a worker has to leave
$smtp->forget();

for my $turn (1 .. 3) {
    queue(40);
    $t->wait_for(sub { $smtp->count() > 40 * ($turn - 1) + 5 }, 'more mails');
    ok($t->reload(), 'a reload among mails');
}

$t->wait_for(sub { $smtp->count() >= 120 }, '120 mails');
is($smtp->count(), 120, 'all mails among reloads have come');
is(copies(), '1', 'each mail among reloads has come once');
queue(20);
$t->wait_for(sub { $smtp->count() > 123 }, 'some mails of twenty');
$smtp->mode('hang');
$t->stop_nginx();

my $count = $smtp->count();

$smtp->mode('ok');
$t->start_nginx();
$t->wait_for_messages();
is(copies(), '1', 'each mail around a stop has come once');
is($smtp->count(), 140,
   "the last @{[140 - $count]} mails came after the stop");

# An idle connection is closed after a while.

sub connections {
    my $port = sprintf(':%04X', $smtp->port());

    return scalar(grep { / \S+ \S+$port 01 / }
                  split(/\n/, read_file('/proc/net/tcp')));
}

ok(all_sent(queue(3)), 'some more mails are sent');
cmp_ok(connections(), '>', 0, 'an idle connection is kept for a while');
$worked = worked();
sleep(1);                          # a second in which nothing is to be done
cmp_ok(worked() - $worked, '<', 20,
       'an idle connection costs no processor time');
$t->wait_ok(sub { connections() == 0 },
            'an idle connection is closed in the end');

# What a connection must be, with another server in the configuration each
# time.

my %server = (
    starttls => $smtp,
    map({ $_ => Carrierpay::Test::Smtp->start(tls => $_,
                                              $_ eq 'tls' ? %login : ()) }
        qw(off tls)),
    other => Carrierpay::Test::Smtp->start(tls => 'starttls',
                                           host => 'mail.example'),
);

write_file("$t->{root}/wrong.password", "close sesame\n", 0600);
service('own', "$t->{root}/wrong.password");

for my $case (
    ['no TLS on this machine', 'off', sub {}, 'sent'],
    ['TLS from the start', 'tls', sub {}, 'sent'],
    ['STARTTLS that is not offered', 'off',
     sub { s/tls=off/'ca=' . $smtp->certificate()/e }, 'failed'],
    ['an unknown authority', 'starttls',
     sub { s{ca=\S+}{ca=$t->{root}/demo.crt} }, 'failed'],
    ['one that the system does not know', 'tls', sub { s/ca=\S+// }, 'failed'],
    ['another name', 'other', sub { s/mail\.example/localhost/ }, 'failed'],
    ['an address that is not in it', 'starttls',
     sub { s/localhost/127.0.0.1/ }, 'failed'],
    ['a wrong password', 'starttls',
     sub { s{password_file=\S+}{password_file=$t->{root}/wrong.password} },
     'failed'],
    ['no password', 'starttls', sub { s/user=.*// }, 'failed'],
    ['TLS where STARTTLS is spoken', 'starttls', sub { s/=starttls/=tls/ },
     'failed'],
    ['STARTTLS where TLS is spoken', 'tls', sub { s/=tls/=starttls/ },
     'failed'],
) {
    my ($what, $name, $change, $result) = @$case;
    my $parameters = $server{$name}->parameters();

    $change->() for $parameters;
    configure($parameters, $result eq 'sent' ? 30 : 2);
    is(attempt(), $result, "$what: $result");
    is($t->get($t->url('tls', '/healthz'))->{status}, 200,
       "an error of OpenSSL's is not taken for one of nginx's: $what");
}

unlike($t->error_log() . read_file("$t->{dir}/access.log"),
       qr/example\.com|sesame/, 'no log has an address or a password');
