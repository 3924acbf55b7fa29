package Carrierpay::Test::Public::Shopper;

# A shopper whose browser speaks one language; each step is noted.

use strict;
use warnings;

use Carrierpay::Test;

my %BASE = (en => 10, fr => 20);   # lines of one language are not the other's

sub new {
    my ($class, $public, $language) = @_;

    return bless { public => $public, t => $public->{t},
                   language => $language,
                   headers => ["Accept-Language: $language"] }, $class;
}

sub note {
    my ($self, $name, $answer) = @_;

    return $self->{public}->answer($name, $answer);
}

# A number by its last digits, which tell the sandbox what to do.

sub number {
    my ($self, $digits) = @_;

    return sprintf('336%02d00%04d', $BASE{$self->{language}}, $digits);
}

sub get {
    my ($self, $url, %option) = @_;

    return $self->{t}->get($url, headers => [@{ $self->{headers} },
                           @{ delete($option{headers}) // [] }], %option);
}

sub page {
    my ($self, $path, %option) = @_;

    return $self->get($self->{t}->url('tls', "/pay/$path"), %option);
}

# What a checkout's link ends with

sub token {
    my ($self, $payment) = @_;

    return ($payment->{next_action}{url} =~ m{/(cs_[^/]+)$})[0];
}

sub bounce {
    my ($self, $payment, $number, %option) = @_;

    return $self->get($payment->{next_action}{url}, from => '127.0.0.2',
        headers => ["X-MSISDN: $number"], %option);
}

sub checkout {
    my ($self, $payment, $number, %option) = @_;

    return $self->follow($self->bounce($payment, $number), %option);
}

sub form {
    my ($self, $payment) = @_;
    my $bounce = $self->get(($payment // $self->{t}->create())
                            ->{next_action}{url});

    return $self->get($bounce->{header}{location});
}

sub submit {
    my ($self, $page, $name, $field, %option) = @_;

    return $self->{t}->submit($page, $name, $field // {}, %option,
        headers => [@{ $self->{headers} }, @{ $option{headers} // [] }]);
}

sub follow {
    my ($self, $answer, %option) = @_;

    return $self->{t}->follow($answer, headers => [@{ $self->{headers} },
                              @{ delete($option{headers}) // [] }], %option);
}

# So many seconds pass for codes that were sent.

sub later {
    my ($self, $seconds) = @_;

    $self->{t}->sql('update carrierpay.pin set sent_at = sent_at - ?',
                    1000 * $seconds);
}

1;
