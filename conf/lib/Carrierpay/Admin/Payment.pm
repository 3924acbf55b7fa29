package Carrierpay::Admin::Payment;

# Payments, what was sent to their shoppers, and what merchants are still to be
# told of them. No number, address or text is printed: staff that need them for
# a complaint ask the shopper.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit record rows truth);
use Carrierpay::Admin::Database qw(database in_cell merchant row table);
use Carrierpay::Admin::Id qw($BASE32 private_id public_id);
use Carrierpay::Admin::Keyring qw(digits masked number_index);
use Carrierpay::Admin::Payout qw(known_payout);
use Exporter qw(import);

our @EXPORT_OK = qw(known_payment payment_show payment_list message_list
                    outbox_list outbox_redeliver);

my @STATES = qw(pending processing authorized succeeded failed canceled
                expired);

# An instant of the tables, ms, as ISO 8601.

sub at_sql {
    return "to_char(to_timestamp($_[0] / 1000.0) at time zone 'UTC',"
           . " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

# The id of a payment that is named as the API or as the tables do.

sub payment_id {
    my ($text) = @_;

    return $text if $text =~ /^[1-9]\d{0,18}$/;

    fail("\"$text\" is not a payment: pay_... or a number; by a merchant's"
         . ' reference: "payment list --reference=..."')
        if $text !~ /^pay_[$BASE32]{13}$/;

    return private_id($text);
}

sub known_payment {
    my ($text) = @_;
    my $id = payment_id($text);

    in_cell($id & 31);
    row('select 1 from payment where id = ?', $id)
        or fail("no payment \"$text\"");

    return $id;
}

sub payment_show {
    my ($text) = @_;
    my $id = known_payment($text);
    my ($p) = @{database()->selectall_arrayref('
        select p.*, state_name(p.state) as state_name,
               category_name(p.category) as sold, m.name as merchant,
               coalesce(p.captured, p.amount) - p.share - p.tax - p.fee
                   as net,
               case when p.manual then \'manual\' else \'automatic\' end
                   as capture,
               case when p.state = \'s\' then coalesce(p.captured, p.amount)
                    else 0 end as taken,
               coalesce(p.refunded, 0) as paid_back,
               coalesce(p.charged_back, 0) as taken_back,
               s.msisdn, s.mvno, d.attempts as looks,
               ' . at_sql('id_time(p.id)') . ' as created_at,
               ' . at_sql('coalesce(p.held_until, p.expires)') . '
                   as expires_at,
               ' . at_sql('d.due_at') . " as due_at,
               (select string_agg(e.type || ' ' || " . at_sql('e.at') . ",
                                  ', ' order by e.seq)
                  from event_view e where e.payment_id = p.id)
                   as events_told,
               (select count(*) from outbox o where o.payment_id = p.id)
                   as waiting,
               (select count(*) from outbox_dead o where o.payment_id = p.id)
                   as given_up,
               exists (select from journal j where j.payment_id = p.id)
                   as posted,
               (select string_agg(a.operator || ' ' || a.failure_code || ' '
                                  || " . at_sql('a.at') . ",
                                  ', ' order by a.number)
                  from attempt a where a.payment_id = p.id) as declined
          from payment p
          join merchant m on m.id = p.merchant_id
          left join subscriber s on s.id = p.subscriber_id
          left join payment_due d on d.payment_id = p.id
         where p.id = ?", { Slice => {} }, $id)};

    return record(
        [qw(payment number merchant mode state outcome_unknown approval
            failure_code attempts amount currency capture amount_captured
            amount_refunded amount_charged_back operator_share tax fee net
            category later_charges description reference operator
            operator_reference mvno subscriber line created expires next_look
            looks events webhooks_waiting webhooks_given_up posted)],
        public_id('pay_', $id), $id, "$p->{merchant_id} $p->{merchant}",
        $p->{live} ? 'live' : 'test', $p->{state_name},
        truth($p->{outcome_unknown}), truth($p->{approval}),
        @$p{qw(failure_code declined amount currency capture taken paid_back
               taken_back share tax fee net sold later_max description
               reference operator operator_reference mvno)},
        defined $p->{pseudonym_id} ? public_id('sub_', $p->{pseudonym_id})
                                   : undef,
        defined $p->{msisdn} ? masked($p->{msisdn}) : undef,
        @$p{qw(created_at expires_at due_at looks events_told waiting
               given_up)}, truth($p->{posted}));
}

# The newest payments that all of the options allow.

sub payment_list {
    my %where = (1 => []);
    my $limit = limit();

    $where{'p.merchant_id = ?'} = [merchant($option{merchant})]
        if defined $option{merchant};
    $where{'p.reference = ?'} = [$option{reference}]
        if defined $option{reference};
    $where{'s.msisdn_index = decode(?, \'hex\')'} =
        [number_index(digits(scalar(<STDIN>) // ''))] if $option{number};

    if (defined $option{state}) {
        fail("--state=\"$option{state}\": not one of " . join(', ', @STATES))
            if !grep { $_ eq $option{state} } @STATES;
        $where{'state_name(p.state) = ?'} = [$option{state}];
    }

    my @conditions = sort keys %where;

    return rows(
        [qw(payment created merchant mode state amount currency operator
            failure_code reference)],
        map { $_->[0] = public_id('pay_', $_->[0]); $_ } table('
        select p.id, ' . at_sql('id_time(p.id)') . ', p.merchant_id,
               case when p.live then \'live\' else \'test\' end,
               state_name(p.state), p.amount, p.currency, p.operator,
               p.failure_code, p.reference
          from payment p
          left join subscriber s on s.id = p.subscriber_id
         where ' . join(' and ', map { $_ eq '1' ? 'true' : $_ } @conditions)
        . ' order by p.id desc limit ?',
        map({ @{$where{$_}} } @conditions), $limit));
}

sub message_list {
    my $id = known_payment($option{payment} // fail('--payment is missing'));
    my $price = "rtrim(to_char(price / 1000000.0, 'FM999999990.999999'), '.')";

    return rows(
        [qw(message at channel kind state provider parts price)],
        map { $_->[0] = public_id('msg_', $_->[0]); $_ } table('
        select id, ' . at_sql('at') . ",
               case channel when 's' then 'sms' else 'mail' end, kind,
               message_state(state), provider, parts,
               nullif(concat_ws(' ', $price, currency), '')
          from message where payment_id = ? order by id", $id));
}

# What endpoints are still to be told, and what was given up.

sub outbox_list {
    my ($where, @values) = outbox_where();

    return rows(
        [qw(payment event endpoint url state attempts at)],
        map { $_->[0] = public_id(pop @$_, $_->[0]); $_ } table('
        select o.payment_id, coalesce(v.type, \'payout.\' || p.state),
               o.endpoint_id, e.url, o.state, o.attempts,
               ' . at_sql('o.at') . ",
               case when p.id is null then 'pay_' else 'out_' end
          from (select payment_id, endpoint_id, seq, attempts, due_at as at,
                       case when token is null then 'waiting'
                            else 'sent' end as state
                  from outbox
                union all
                select payment_id, endpoint_id, seq, attempts, died_at,
                       'given up'
                  from outbox_dead) o
          join endpoint e on e.id = o.endpoint_id
          left join event_view v on v.payment_id = o.payment_id
                           and v.seq = o.seq
          left join payout_view p on p.id = o.payment_id
         where $where
         order by o.at limit ?", @values, limit()));
}

sub outbox_where {
    my @conditions = 'true';
    my @values;

    if (defined $option{payment} || defined $option{payout}) {
        push @conditions, 'o.payment_id = ?';
        push @values, told_of();
    }

    if (defined $option{endpoint}) {
        push @conditions, 'o.endpoint_id = ?';
        push @values, $option{endpoint};
    }

    if (defined $option{merchant}) {
        push @conditions, 'e.merchant_id = ?';
        push @values, merchant($option{merchant});
    }

    return (join(' and ', @conditions), @values);
}

# The payment or the payout that the webhooks are about; undef: all are.

sub told_of {
    fail('--payment or --payout: not both')
        if defined $option{payment} && defined $option{payout};

    return defined $option{payment} ? known_payment($option{payment})
         : defined $option{payout} ? known_payout($option{payout}) : undef;
}

sub outbox_redeliver {
    my $about = told_of();

    fail('--payment, --payout or --endpoint is missing: see carrierpay-admin'
         . ' help outbox') if !defined $about && !defined $option{endpoint};

    my ($count) = row('select outbox_redeliver(?::bigint, ?::int)', $about,
                      $option{endpoint});

    printf "%d to be delivered now\n", $count;

    return 0;
}

1;
