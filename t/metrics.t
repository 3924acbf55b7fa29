#!/usr/bin/perl

# Metrics: the page is what Prometheus reads, the documentation names what is
# there and nothing else, and each thing that is measured is measured.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1,
    operator => 'timeout 1s; settle 4s; lookup_pass /egress/sandbox'
                . ' timeout=3s;',
    sandbox => 'delay=2s');

# One of each; the operator answers for 0005 after our timeout, and does not
# hear of 0007.

my $paid = $t->pay('33600000001', $t->later());
my $declined = $t->pay('33600000002');
my $late = $t->pay('33600000005');
my $lost = $t->pay('33600000007');

is($paid->{status}, 'succeeded', 'a payment succeeds');
is($declined->{status}, 'pending', 'a payment is declined');
is($late->{status}, 'processing', 'a payment has no outcome in time');
is($lost->{status}, 'processing', 'a payment has no outcome');
$t->wait_for_sms('33600000001');
$t->wait_for_webhook($paid->{id});
ok($t->wait_for_status($late->{id}, 'succeeded'), 'recovery ends the one');
ok($t->wait_for_status($lost->{id}, 'pending'),
   'recovery finds that the other was not charged');
$t->wait_for_messages();
$t->wait_ok(sub {
    read_page()->{value}{'carrierpay_webhook_seconds_count'} >= 4
}, 'the webhooks are measured');

# The page is in the text format of Prometheus, strictly.

my $page = read_page();

is_deeply($page->{wrong}, [], 'each line is right, and in its place');
ok(scalar(keys(%{ $page->{family} })) > 30, 'there are families');

for my $series (grep { /_bucket\{/ } sort(keys(%{ $page->{value} }))) {
    next if $series !~ /le="\+Inf"/;

    my $count = $series =~ s/_bucket\{/_count{/r =~ s/,?le="\+Inf"//r
                        =~ s/\{\}//r;
    my @buckets = map { $page->{value}{$series =~ s/\+Inf/$_/r} }
                  qw(0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10
                     30 +Inf);

    is(scalar(grep { !defined } @buckets), 0, "$series: fifteen buckets");
    is_deeply(\@buckets, [sort { $a <=> $b } @buckets],
              "$series: each has all that is in the one before");
    is($page->{value}{$count}, $buckets[-1], "$series: +Inf is the count");
    like($page->{value}{$count =~ s/_count/_sum/r}, qr/^\d+(\.\d{1,3})?$/,
         "$series: the sum is in seconds");
}

like($page->{text}, qr/^carrierpay_build_info\{version="[\d.]+",
                        nginx="[\d.]+",build="debug"\}\ 1$/mx,
     'what runs is told');

# What is measured.

my %value = %{ $page->{value} };
my $charge = 'operator="demo_fr",call="charge"';

is($value{"carrierpay_operator_seconds_count{$charge}"}, 4,
   'four charges are measured');
is($value{"carrierpay_operator_seconds_bucket{$charge,le=\"0.5\"}"}, 3,
   'three of them ended at once');
cmp_ok($value{"carrierpay_operator_seconds_sum{$charge}"}, '>=', 1,
       'one took until the timeout');
cmp_ok($value{'carrierpay_operator_seconds_count{operator="demo_fr",'
              . 'call="status"}'}, '>=', 1, 'recovery is measured apart');
cmp_ok($value{'carrierpay_operator_seconds_count{operator="demo_fr",'
              . 'call="lookup"}'}, '>=', 1, 'lookups are measured');
is($value{outcome('demo_fr', 'succeeded', '')}, 2, 'two charges succeeded');
is($value{outcome('demo_fr', 'failed', 'funds')}, 1,
   'one failed for lack of funds');
cmp_ok($value{outcome('demo_fr', 'unknown', '')}, '>=', 2,
       'two were not known');
is($value{outcome('demo_fr', 'failed', 'operator')}, 1,
   'one of them had not arrived at the operator');
is($value{outcome('demo_cm', 'succeeded', '')}, 0,
   'another operator has outcomes of its own');
is($value{'carrierpay_request_seconds_count{route="POST /v1/payments"}'}, 4,
   'requests of merchants are measured by route');
is($value{'carrierpay_request_seconds_count{route="POST /{id}/confirm"}'}, 4,
   'and those of shoppers');
cmp_ok($value{'carrierpay_ledger_batch_seconds_count{kind="write"}'}, '>=', 6,
       'batches of the ledger are measured');
is($value{'carrierpay_sms_total{provider="sandbox",result="accepted"}'},
   $value{'carrierpay_sms_seconds_count{provider="sandbox"}'},
   'SMS are measured by provider');

# Gauges are of all workers, whichever answers.

is($value{"carrierpay_worker_postgres_up{worker=\"$_\"}"}, 1,
   "worker $_ has a connection to PostgreSQL") for 0, 1;

ok($t->reload(), 'a reload');
is(read_page()->{value}{outcome('demo_fr', 'succeeded', '')}, 2,
   'counters by operator survive it');

# The backlog is read from the database.

$t->stop_receiver();
is($t->charge_known($paid->{subscriber})->{json}{status}, 'succeeded',
   'a payment while the merchant is away');
$t->wait_ok(sub {
    my $now = read_page()->{value};

    return $now->{'carrierpay_waiting{queue="webhooks"}'} == 1
        && $now->{carrierpay_backlog_read_timestamp_seconds} > time() - 60;
}, 'its webhook is seen to wait');
$t->start_receiver();
$t->wait_ok(sub {
    $t->due_now();
    return !$t->value('select count(*) from carrierpay.outbox');
}, 'and is delivered');

# Documentation and page name the same.

my %documented = documented(read_file(root() . '/docs/operations.md'));

is_deeply(\%documented, $page->{family},
          'docs/operations.md lists each family with its type and labels');
is_deeply([mistakes('text `carrierpay_payments_total{kind="new"}` and '
                    . '`carrierpay_nothing_total`')],
          ['carrierpay_payments_total{kind="new"}',
           'carrierpay_nothing_total'],
          'a family or a label that is not there would be found');

for my $file (split(/\n/, qx(cd '@{[ root() ]}' && ls README.md docs/*.md \\
                             conf/*.conf* conf/*.y*ml conf/*.json 2>&-)))
{
    is_deeply([mistakes(read_file(root() . "/$file"))], [],
              "$file names metrics that are there");
}


###############################################################################


sub outcome {
    my ($operator, $outcome, $reason) = @_;

    return qq(carrierpay_outcomes_total{operator="$operator",)
           . qq(outcome="$outcome",reason="$reason"});
}


# The page: its text, the value of each series, each family as "type labels",
# and the lines that are wrong.

sub read_page {
    my $text = $t->get($t->url('tls', '/metrics'))->{body};
    my %page = (text => $text, wrong => [], value => {}, family => {});
    my ($family, $type, %labels) = ('', '');

    for my $line (split(/\n/, $text)) {
        if ($line =~ /^# HELP (\w+) \S.*$/) {
            $family = $1;
            push(@{ $page{wrong} }, $line) if $page{family}{$family};
            $page{family}{$family} = 'none';

        } elsif ($line =~ /^# TYPE \Q$family\E (counter|gauge|histogram)$/) {
            push(@{ $page{wrong} }, $line)
                if $page{family}{$family} ne 'none';
            $page{family}{$family} = $type = $1;

        } elsif ($line =~ /^(\w+)(\{(?:(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+)
                           (?<!,)\})?\ (\d+(?:\.\d+)?)$/x)
        {
            my ($name, $labels, $value) = ($1, $2 // '', $3);
            my $suffix = $type eq 'histogram' ? '_(?:bucket|sum|count)' : '';

            push(@{ $page{wrong} }, $line)
                if $name !~ /^\Q$family\E$suffix$/
                   || exists($page{value}{"$name$labels"});
            $page{value}{"$name$labels"} = $value;
            $labels{$family}{$_} = 1 for $labels =~ /(\w+)="/g;

        } else {
            push(@{ $page{wrong} }, $line);
        }
    }

    for my $name (keys(%labels)) {
        delete($labels{$name}{le});
        $page{family}{$name} .= ' '
            . join(' ', sort(keys(%{ $labels{$name} })));
    }

    s/ $// for values(%{ $page{family} });

    return \%page;
}


# The table of all metrics: | `name` | type | `label`, ... | meaning |

sub documented {
    my ($text) = @_;
    my %family;

    while ($text =~ /^\| `(carrierpay_\w+)` \| (\w+) \|([^|]*)\| \S.* \|$/mg)
    {
        my ($name, $type, $labels) = ($1, $2, $3);

        $family{$name} = join(' ', $type, sort($labels =~ /`(\w+)`/g));
    }

    return %family;
}


# The names in a text that have the form of a metric, and are none; a name with
# labels must be that of a series, which may have more labels.

sub mistakes {
    my ($text) = @_;
    my @mistakes;

    while ($text =~ /(?<![\$\w])(carrierpay_\w+)(\{[^}]*\})?/g) {
        my ($name, $labels) = ($1, $2 // '');
        my $family = $name =~ s/_(bucket|sum|count)$//r;

        next if $labels eq '' && $name !~ /_(?:total|seconds|info)$/;

        my @series = grep { /^\Q$name\E(?:\{|$)/ } keys(%{ $page->{value} });

        @series = grep { /^\Q$name\E_(?:bucket|sum|count)\b/ }
                  keys(%{ $page->{value} }) if !@series;

        for my $label ($labels =~ /(\w+=~?"[^"]*")/g) {
            my ($key, $value) = $label =~ /(\w+)=~?"([^"]*)"/;

            $value =~ s/\\\\/\\/g;
            @series = grep { /\b$key="(?:$value)"/ } @series
                if $label =~ /=~/;
            @series = grep { /\b\Q$key="$value"\E/ } @series
                if $label !~ /=~/;
        }

        push(@mistakes, "$name$labels") if !@series;
    }

    return @mistakes;
}
