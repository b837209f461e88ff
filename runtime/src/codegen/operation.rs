//! The macro with which generated code defines an operation.

#![expect(clippy::crate_in_macro_def, reason = "the marks of required values are those of the generated crate")]

/// Defines the type of an operation, its setters, and its `send`.
///
/// Each required value has a type parameter. The parameter is a marker type of
/// `crate::required::missing` until the value is set, and [`Given`](crate::setters::Given) from
/// then on.
///
/// - `pub struct Name(Reads);` is an operation that changes nothing at the venue. Every other
///   operation is `pub struct Name;`.
/// - `required`: `fn setter(value: Type) -> Parameter { .. }` is a setter that can be called once.
///   Its body is the method of [`RequestBuilder`](crate::codegen::RequestBuilder) that it calls.
/// - `optional`: `fn setter(value: Type) { .. }` is a setter of a value that may be left out. It
///   has no type parameter.
/// - The last function is `send`, with the type of the response. In its place,
///   `fn subscribe() -> Type { .. (&FAMILY) }` is a subscription, with the type of its
///   notifications and its family. Its method is `send` too.
/// - `fn items() -> Type { items::<Type, Adaptor>() }` may follow `send`, with the type of an item
///   of a list that comes in pages.
#[doc(hidden)]
#[macro_export]
macro_rules! __operation {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(($kind:ident))?;
        $(required { $(
            $(#[$required_meta:meta])*
            fn $setter:ident($value:ident: $argument:ty $(,)?) -> $parameter:ident {
                $set:ident $(::<$($set_type:ty),+ $(,)?>)? ($($set_with:tt)*)
            }
        )* })?
        $(optional { $(
            $(#[$optional_meta:meta])*
            fn $optional:ident($optional_value:ident: $optional_argument:ty $(,)?) {
                $set_optional:ident $(::<$($optional_type:ty),+ $(,)?>)? ($($optional_with:tt)*)
            }
        )* })?
        $(#[$send_meta:meta])*
        fn send() -> $response:ty { $send:ident $(::<$($send_type:ty),+ $(,)?>)? () }
        $(
            $(#[$items_meta:meta])*
            fn items() -> $item:ty { items::<$($items_type:ty),+ $(,)?>() }
        )?
    ) => {
        $(#[$meta])*
        #[must_use = "an operation does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct $name<$($($parameter = $crate::setters::Given),*)?> {
            request: $crate::codegen::RequestBuilder,
            given: ::core::marker::PhantomData<($($($parameter,)*)?)>,
        }

        impl<$($($parameter),*)?> $name<$($($parameter),*)?> {
            pub(crate) fn new(request: $crate::codegen::RequestBuilder) -> Self {
                Self { request, given: ::core::marker::PhantomData }
            }

            $($(
                $(#[$optional_meta])*
                pub fn $optional(self, $optional_value: $optional_argument) -> Self {
                    Self::new(self.request.$set_optional $(::<$($optional_type),+>)? ($($optional_with)*))
                }
            )*)?

            $(#[$send_meta])*
            #[inline]
            pub fn send(self) -> $crate::Call<$response $(, $crate::operation::$kind)?>
            where
                $($($parameter: crate::required::given::$setter),*)?
            {
                $crate::codegen::of_kind(self.request.$send $(::<$($send_type),+>)? ())
            }

            $crate::__items! { [$($($parameter $setter),*)?] $(
                $(#[$items_meta])*
                $item [$($items_type),+]
            )? }
        }

        $crate::__required_setters! { $name [] $($(
            [ $(#[$required_meta])* ] $setter $value [$argument] $parameter
            [ $set $(::<$($set_type),+>)? ($($set_with)*) ]
        )*)? }
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident;
        $(required { $(
            $(#[$required_meta:meta])*
            fn $setter:ident($value:ident: $argument:ty $(,)?) -> $parameter:ident {
                $set:ident $(::<$($set_type:ty),+ $(,)?>)? ($($set_with:tt)*)
            }
        )* })?
        $(optional { $(
            $(#[$optional_meta:meta])*
            fn $optional:ident($optional_value:ident: $optional_argument:ty $(,)?) {
                $set_optional:ident $(::<$($optional_type:ty),+ $(,)?>)? ($($optional_with:tt)*)
            }
        )* })?
        $(#[$send_meta:meta])*
        fn subscribe() -> $response:ty { $send:ident $(::<$($send_type:ty),+ $(,)?>)? (&$family:path) }
    ) => {
        $(#[$meta])*
        #[must_use = "an operation does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct $name<$($($parameter = $crate::setters::Given),*)?> {
            request: $crate::codegen::RequestBuilder,
            given: ::core::marker::PhantomData<($($($parameter,)*)?)>,
        }

        impl<$($($parameter),*)?> $name<$($($parameter),*)?> {
            pub(crate) fn new(request: $crate::codegen::RequestBuilder) -> Self {
                Self { request, given: ::core::marker::PhantomData }
            }

            $($(
                $(#[$optional_meta])*
                pub fn $optional(self, $optional_value: $optional_argument) -> Self {
                    Self::new(self.request.$set_optional $(::<$($optional_type),+>)? ($($optional_with)*))
                }
            )*)?

            $(#[$send_meta])*
            #[inline]
            pub fn send(self) -> $crate::ws::Subscribe<$response>
            where
                $($($parameter: crate::required::given::$setter),*)?
            {
                self.request.$send $(::<$($send_type),+>)? (&$family)
            }
        }

        $crate::__required_setters! { $name [] $($(
            [ $(#[$required_meta])* ] $setter $value [$argument] $parameter
            [ $set $(::<$($set_type),+>)? ($($set_with)*) ]
        )*)? }
    };
}

/// Defines the method that returns the items of all pages, if the operation has pages. It gets the
/// required values, each with its type parameter, then documentation, the type of an item, and the
/// types with which it is read.
#[doc(hidden)]
#[macro_export]
macro_rules! __items {
    ([$($parameter:ident $setter:ident),*]) => {};
    ([$($parameter:ident $setter:ident),*] $(#[$meta:meta])* $item:ty [$($read:ty),+]) => {
        $(#[$meta])*
        pub fn items(self) -> $crate::paging::Items<$item>
        where
            $($parameter: crate::required::given::$setter),*
        {
            self.request.items::<$($read),+>()
        }
    };
}

/// Defines the setters of required values one by one. Each setter changes its own type parameter,
/// and leaves the others unchanged.
#[doc(hidden)]
#[macro_export]
macro_rules! __required_setters {
    ($name:ident [$($before:ident)*]) => {};
    (
        $name:ident [$($before:ident)*]
        [$($meta:tt)*] $setter:ident $value:ident [$argument:ty] $parameter:ident [$($set:tt)*]
        $( [$($next_meta:tt)*] $next:ident $next_value:ident [$next_argument:ty] $after:ident [$($next_set:tt)*] )*
    ) => {
        impl<$($before,)* $($after,)*> $name<$($before,)* crate::required::missing::$setter, $($after,)*> {
            $($meta)*
            pub fn $setter(self, $value: $argument) -> $name<$($before,)* $crate::setters::Given, $($after,)*> {
                $name::new(self.request.$($set)*)
            }
        }

        $crate::__required_setters! { $name [$($before)* $parameter] $(
            [$($next_meta)*] $next $next_value [$next_argument] $after [$($next_set)*]
        )* }
    };
}
