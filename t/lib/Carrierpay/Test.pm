package Carrierpay::Test;

# The harness: a real nginx with the module (built with crash points and
# sanitizers), the sandbox operator in another one, PostgreSQL and Redis in a
# folder of their own.
#
#     my $t = Carrierpay::Test->start(operator => 'settle 2s;');
#     is($t->api(POST => '/v1/payments', {...})->{status}, 201, 'created');
#
# start() takes lines for the holes of t/lib/nginx.conf and t/lib/sandbox.conf,
# gateway => 1, sms => 1 (demo_fr's customers get SMS, by the sandbox's
# gateway), and keys => sub, called with the keyring before nginx reads it. At
# the end of every file the claims of claims_at_the_end() are added; a file
# says no plan.
#
# This file starts and stops; the methods are in four others: Process (nginx's
# processes), Shopper (what merchants and shoppers do), Truth (what has
# happened, and waiting for it), Wait.

use strict;
use warnings;

use parent qw(Carrierpay::Test::Process Carrierpay::Test::Shopper
              Carrierpay::Test::Truth);

use Carrierpay::Test::Process qw(children living);
use Carrierpay::Test::Services qw(read_file write_file root service
                                  from_template reserve_ports);
use Carrierpay::Test::Truth qw(public_id private_id);
use Carrierpay::Test::Wait qw(keep_logs_of);
use File::Copy qw(copy);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use Test::More;

my $CURRENT;                       # the one of this file

# What sms => 1 adds.

my %SMS = (
    sms => <<'END',
        carrierpay_callback_url  http://127.0.0.1:@plain_port@/callback/;

        carrierpay_sms sandbox {
            dialect    sms_http;
            pass       /egress/sms;
            timeout    10s;
            request    json '{"to":"{{to}}","from":"{{from}}",
                              "text":"{{text}}","id":"{{id}}",
                              "report":"{{report}}"}';
            success    202;
            refused    400;
            reference  id;
            report     id=m status=d delivered=1 undelivered=2 buffered=8
                       expired=34;
            mo_fields  id=id from=from to=to text=text;
            price      0.045 EUR;
            free       on;
            mo         trusted;
        }
END
    operator_sms => 'sms sandbox; sms_from 38888; language fr;',
    callback => 'location /callback/ { carrierpay_callback; }',
);

sub start {
    my ($class, %option) = @_;
    my $root = tempdir('carrierpay-XXXXXXXX', DIR => '/tmp');
    my ($lock, %port);

    ($lock, @port{qw(plain tls gateway receiver)}) = reserve_ports(4);

    my $self = $CURRENT = bless {
        root => $root, dir => "$root/nginx", port => \%port, lock => $lock,
        option => \%option, keys => 0, expected => [],
    }, $class;

    keep_logs_of($root);
    $self->write_configuration();
    service('folder', $root, '711');
    from_template($root);
    $option{keys}->("$root/secrets") if $option{keys};
    %{ $self->{env} } = read_file("$root/demo.env") =~ /^(\w+)=(.*)$/mg;

    $self->start_postgres();
    $self->start_redis();
    $self->start_receiver();
    service('start_gateway', "$root/gateway", @port{qw(gateway tls)})
        if $option{gateway};
    $self->start_sandbox();
    $self->start_nginx();

    return $self;
}

# What the sources of the module and of the configuration are.

sub module {
    return $ENV{CARRIERPAY_MODULE} // root() . '/build/debug-sanitize/'
                                      . 'ngx_http_carrierpay_module.so';
}

sub write_configuration {
    my ($self) = @_;

    # a copy of the module: the checkout may be closed to nginx's user

    mkdir($self->{dir});
    copy(module(), "$self->{dir}/module.so") or die "the module: $!\n";
    chmod(0755, "$self->{dir}/module.so");
    write_file("$self->{dir}/nginx.conf", $self->configuration());
    mkdir("$self->{root}/sandbox");
    write_file("$self->{root}/sandbox/nginx.conf",
               $self->configuration('sandbox.conf'));
}

# That of the edge, or of another file in t/lib.

sub configuration {
    my ($self, $file) = @_;
    my $port = $self->{port};
    my %value = (
        map({ $_ => '' } qw(main http operator plain tls egress sandbox sms
                            operator_sms callback)),
        confirm_after => 0, %{ $self->{option}{sms} ? \%SMS : {} },
        allow => 'carrierpay_webhook_allow 127.0.0.0/8;',
        map({ $_ => $self->{option}{$_} }
            grep { $_ ne 'sms' } keys(%{ $self->{option} })),
        root => $self->{root}, dir => $self->{dir},
        module => "$self->{dir}/module.so", plain_port => $port->{plain},
        tls_port => $port->{tls},
    );
    my $text = read_file(root() . '/t/lib/' . ($file // 'nginx.conf'));

    # twice: a test's lines may have names between at signs, too

    for my $turn (1, 2) {
        $text =~ s/\@([a-z_]+)\@/$value{$1} \/\/ die "no value for $1\n"/ge;
    }

    return $text;
}

# The services; each can be ended and started again in the middle of a test.

sub start_postgres {
    my ($self) = @_;

    service('start_postgres', "$self->{root}/postgres", 'fsync=off',
            'shared_buffers=32MB');
}

sub stop_postgres { service('stop_postgres', "$_[0]{root}/postgres") }
sub start_redis { service('start_redis', "$_[0]{root}/redis") }
sub stop_redis { service('stop_redis', "$_[0]{root}/redis") }

sub start_receiver {
    my ($self) = @_;
    my $dir = "$self->{root}/receiver";

    service('folder', $dir);
    write_file("$dir/secret", $self->{env}{CARRIERPAY_WEBHOOK_SECRET});
    service('own', "$dir/secret");
    $self->sql('update carrierpay.endpoint set url = ?',
               "http://127.0.0.1:$self->{port}{receiver}/hooks");
    service('start_receiver', $dir, $self->{port}{receiver});
}

sub stop_receiver { service('stop_receiver', "$_[0]{root}/receiver") }

# The claims of every file.

sub claims_at_the_end {
    my ($self) = @_;

    $self->wait_ok(sub { $self->unfinished() == 0 },
                   'no payment or payout is left in the middle');
    ok($self->reload(), 'a reload: old workers leave');
    ok($self->reload(), 'another reload: old workers leave');

    my @processes = ($self->master(), $self->workers());
    $self->stop_nginx();
    is(join(' ', living(@processes)), '',
       'a graceful stop leaves no process');
    $self->stop_sandbox();

    $self->books_balance();

    is($self->alerts(), '', 'no alert in the error log');
    is($self->secrets_in_logs(), '', 'no secret in a log');
    is(join("\n", map { read_file($_) } glob("$self->{dir}/sanitizer*")), '',
       'no sanitizer report');
}

sub end {
    my ($self) = @_;

    $self->stop_nginx();
    service('stop_nginx', $self->{node}) if $self->{node};
    $self->stop_sandbox();

    for my $name (qw(gateway receiver redis postgres)) {
        service("stop_$name", "$self->{root}/$name");
    }

    service('stop_postgres', "$self->{root}/postgres$_")
        for $self->cells();
}

# The databases beside the first one, when there are several.

sub cells { return 1 .. ($_[0]{option}{cells} // 1) - 1 }

END {
    my $status = $?;

    if ($CURRENT) {
        if ($status == 0 && !$CURRENT->{died}) {
            eval { $CURRENT->claims_at_the_end(); 1 }
                or fail("claims at the end: $@");
            done_testing();
        }

        eval { $CURRENT->end(); 1 } or diag($@);

        if ($status == 0 && Test::More->builder->is_passing()) {
            remove_tree($CURRENT->{root});
        } else {
            diag("see $CURRENT->{root}");
        }
    }

    $? = $status;
}

1;
