package Carrierpay::Test::Truth;

# What has really happened, as others see it: PostgreSQL, Redis, the operator's
# log, webhooks, SMS, metrics and logs; and waiting until it has. Methods of
# Carrierpay::Test.

use strict;
use warnings;

use Carrierpay::Test::Services qw(command read_file root write_file);
use Carrierpay::Test::Wait qw(wait_until);
use DBI;
use Exporter qw(import);
use JSON::PP ();
use Test::More;

our @EXPORT_OK = qw(public_id private_id);

my $JSON = JSON::PP->new->utf8->canonical;

sub dbh {
    my ($self) = @_;

    return DBI->connect("dbi:Pg:dbname=carrierpay;host=$self->{root}/postgres",
        'postgres', '', { RaiseError => 1, PrintError => 0,
                          AutoInactiveDestroy => 1 });
}

# carrierpay-admin, as operations use it, with all databases; its output. The
# second one gives it lines on standard input.

sub admin {
    my ($self, @arguments) = @_;

    return $self->admin_reads('', @arguments);
}

sub admin_reads {
    my ($self, $lines, @arguments) = @_;
    my @dsn = map { '--dsn=dbname=carrierpay user=postgres host='
                    . "$self->{root}/postgres$_" }
                  '', $self->cells();
    my $input = "$self->{root}/input";

    write_file($input, $lines);

    return command('sh', '-c', 'exec "$0" "$@" < ' . $input,
                   root() . '/conf/carrierpay-admin', @dsn,
                   "--secrets=$self->{root}/secrets", @arguments)
           =~ s/\s+\z//r;
}

# Rows as array references; of one column and row, use value().

sub sql {
    my ($self, $query, @values) = @_;
    my $dbh = $self->dbh();
    my $statement = $dbh->prepare($query);

    $statement->execute(@values);
    my $rows = $statement->{NUM_OF_FIELDS} ? $statement->fetchall_arrayref()
                                           : [];
    $dbh->disconnect();

    return @$rows;
}

sub value {
    my ($self, @query) = @_;
    my ($row) = $self->sql(@query);

    return $row ? $row->[0] : undef;
}

sub redis {
    my ($self, @command) = @_;

    return command('redis-cli', '-s', "$self->{root}/redis/redis.sock",
                   @command) =~ s/\n\z//r;
}

# What waits for its time, for the sweep, or for the lease of the dead, is due
# now: up to two minutes that a test need not wait.  Tests do it over and over,
# so it counts as one look and not as many: recovery gives up in the end.

sub due_now {
    my ($self) = @_;

    $self->sql('insert into carrierpay.payment_due as d (payment_id, due_at)'
        . ' select id, carrierpay.now_ms() from carrierpay.payment'
        . " where state = 'r' on conflict (payment_id) do update"
        . ' set due_at = excluded.due_at, attempts = least(d.attempts, 1)');
    $self->sql('update carrierpay.refund_due set due_at = carrierpay.now_ms(),'
        . ' attempts = least(attempts, 1)');
    $self->sql('update carrierpay.payout_due set due_at = carrierpay.now_ms(),'
        . ' attempts = least(attempts, 1)');
    $self->sql('update carrierpay.outbox set due_at = carrierpay.now_ms()');
}

# Half an hour passes for a pending payment.

sub expire {
    my ($self, $public) = @_;
    my $id = Carrierpay::Test::private_id($public);

    $self->sql('update carrierpay.payment set expires ='
        . ' carrierpay.id_time(id) + 1 where id = ?', $id);
    $self->sql('insert into carrierpay.payment_due (payment_id, due_at)'
        . ' values (?, 0) on conflict (payment_id) do update set due_at = 0',
        $id);
}

# Deliveries that the merchant got: {verified, status, id, body, json, ...}.

sub webhooks {
    my ($self, $id) = @_;
    my $text = eval { read_file("$self->{root}/receiver/webhooks.log") } // '';
    my @deliveries = map { $JSON->decode($_) } split(/\n/, $text);

    $_->{json} = $JSON->decode($_->{body}) for @deliveries;

    return grep { !defined($id) || $_->{json}{data}{id} eq $id } @deliveries;
}

sub wait_for_webhook {
    my ($self, $id) = @_;

    $self->wait_for(sub { scalar($self->webhooks($id)) },
                    "a webhook of payment $id");

    return ($self->webhooks($id))[0];
}

# The sandbox operator's log: {at, what, reference, amount, currency}.

# The lines of an operator's log; of a payment, those of all its attempts.

sub operator_log {
    my ($self, $reference) = @_;
    my $text = eval { read_file("$self->{root}/sandbox.log") } // '';
    my @entries;

    for my $line (split(/\n/, $text)) {
        my %entry;
        @entry{qw(at what reference amount currency)} = split(' ', $line);
        push(@entries, \%entry);
    }

    return grep { !defined($reference)
                  || $_->{reference} =~ /^\Q$reference\E(?:-\d+)?$/ } @entries;
}

# The pseudonym of the line that a payment is charged to, or was last, which
# the merchant sees once the line has paid.

sub pseudonym {
    my ($self, $payment) = @_;

    return public_id('sub_', $self->value(
        'select coalesce(p.pseudonym_id, n.id) from carrierpay.payment p'
        . ' left join carrierpay.attempt a'
        . ' on a.payment_id = p.id and a.number = p.attempts'
        . ' left join carrierpay.pseudonym n'
        . ' on n.subscriber_id = a.subscriber_id'
        . ' and n.merchant_id = p.merchant_id where p.id = ?',
        private_id($payment->{id})));
}

# SMS that the sandbox's gateway has taken: {at, to, from, text, report, ...}.

sub sms {
    my ($self, $number) = @_;
    my $text = eval { read_file("$self->{root}/sms") } // '';
    my @messages = map { $JSON->decode($_) } split(/\n/, $text);

    return grep { !defined($number) || $_->{to} eq $number } @messages;
}

# The newest one to a number, once there are so many (1) of them.

sub wait_for_sms {
    my ($self, $number, $count) = @_;

    $count //= 1;
    $self->wait_for(sub { $self->sms($number) >= $count },
                    "SMS number $count to $number");

    return ($self->sms($number))[-1];
}

# The PIN in the newest one of so many (1) that have one.

sub wait_for_pin {
    my ($self, $number, $count) = @_;
    my @pins;

    $count //= 1;
    $self->wait_for(sub {
        @pins = map { $_->{text} =~ /\b(\d{6})\b/ } $self->sms($number);
        return @pins >= $count;
    }, "PIN number $count to $number");

    return $pins[-1];
}

# Every message, an SMS or a mail, has been sent or given up.

sub wait_for_messages {
    my ($self, $seconds) = @_;

    return $self->wait_for(sub {
        !$self->value('select count(*) from carrierpay.message_due')
    }, 'no message is due any more', $seconds);
}

# The state of a payment, as the merchant sees it: a word or a pattern.

sub wait_for_status {
    my ($self, $id, $status) = @_;

    return $self->wait_for(sub {
        ($self->payment($id)->{status} // '') =~ /^(?:$status)$/
    }, "payment $id is $status");
}

sub charged {
    my ($self, $reference) = @_;

    return scalar(grep { $_->{what} =~ /^(?:charged|captured)$/ }
                  $self->operator_log($reference));
}

sub metric {
    my ($self, $name) = @_;
    my $text = $self->get($self->url('tls', '/metrics'))->{body};

    return $text =~ /^\Q$name\E (\d+)/m ? $1 : undef;
}

sub error_log { return log_of($_[0]{dir}) }
sub log_of { return eval { read_file("$_[0]/error.log") } // '' }

# Waits for a condition, and shows what it is about when it does not come. As
# a claim: ok($t->wait_for(sub { ... }, $what), $name), or wait_ok() where what
# is waited for is the claim's name.

sub wait_for { my $self = shift; return wait_until(@_) }

sub wait_ok {
    my ($self, $condition, $name, $seconds) = @_;
    my $result = $self->wait_for($condition, $name, $seconds);

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return ok($result, $name);
}

sub unfinished {
    my ($self) = @_;

    return $self->value('select (select count(*) from carrierpay.payment'
        . " where state = 'r') + (select count(*) from carrierpay.payout"
        . " where state in ('q', 'r'))");
}

# The ledger against the operator's own log, by a checker that shares no code
# with the service.

sub books_balance {
    my ($self) = @_;
    my $log = "$self->{root}/sandbox.log";
    my $output = eval {
        $self->admin(qw(journal check), -e $log ? "--operator-log=$log" : ());
    };

    like($output, qr/: no difference$/, 'the books, against the operator');
}

# An identifier as merchants see it: 65 bits in Crockford's base32.

sub public_id {
    my ($prefix, $id) = @_;
    my $bits = sprintf('%065b', $id);
    my @digits = split(//, '0123456789abcdefghjkmnpqrstvwxyz');

    return $prefix . join('', map { $digits[oct("0b$_")] } $bits =~ /.{5}/g);
}

sub private_id {
    my ($public) = @_;
    my $id = 0;

    $public =~ s/^[a-z]+_//;
    $id = $id * 32 + index('0123456789abcdefghjkmnpqrstvwxyz', $_)
        for split(//, $public);

    return $id;
}

# Alerts that a file provokes are expected; the others are returned.

sub expect {
    my ($self, $pattern) = @_;

    push(@{ $self->{expected} }, $pattern);
}

# Lines of the edge's logs with what opens a payment or names a subscriber: a
# checkout token, one of a query, an API key, a webhook's secret, a PIN, a
# number in a URL. The sandbox is the operator: its log has numbers.

my $SECRET = qr{ cs_[0-9a-z]{13}[\w-]+ | [?&][tmw]=[\w-]{16} | sk_\w+_[\w-]{43}
               | whsec_ | pin=\d | (?:%2B|[+/=])[1-9]\d{9,14}\b }x;

sub secrets_in_logs {
    my ($self) = @_;
    my @lines = map { eval { split(/\n/, read_file($_)) } }
                map { "$self->{dir}/$_" }
                qw(error.log access.log json.log nginx.out);

    # before nginx knows the location it logs at level "info" as it was sent

    return join("\n", grep { $_ =~ $SECRET
                             && !/\[info\].*while reading client/ } @lines);
}

sub alerts {
    my ($self) = @_;
    my @lines = grep { /\[(alert|emerg|crit)\]|runtime error:|Sanitizer/ }
                split(/\n/, $self->error_log()
                             . log_of("$self->{root}/sandbox"));

    for my $pattern (@{ $self->{expected} }) {
        @lines = grep { $_ !~ $pattern } @lines;
    }

    return join("\n", @lines);
}

1;
